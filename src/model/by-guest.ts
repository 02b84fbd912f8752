/** What a guest is found by within all instances. */
interface Numbered {
  instance: string;
  vmid: number;
}

/** Values by guest, under instance and number: to put its id together for each of tens of thousands of backups takes several times as long. */
export class ByGuest<T> {
  readonly #instances = new Map<string, Map<number, T>>();

  get({ instance, vmid }: Numbered): T | undefined {
    return this.#instances.get(instance)?.get(vmid);
  }

  set({ instance, vmid }: Numbered, value: T): void {
    const known = this.#instances.get(instance);
    if (known) known.set(vmid, value);
    else this.#instances.set(instance, new Map([[vmid, value]]));
  }
}
