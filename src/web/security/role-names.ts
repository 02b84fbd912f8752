import type { BodyOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { t } from "../words/words.ts";

type Role = NonNullable<BodyOf<Routes["changeOidc"]>["defaultRole"]>;

/** What each role is called, the least first. */
export const ROLE_NAMES: { readonly [R in Role]: string } = {
  viewer: t("viewer"),
  operator: t("operator"),
  admin: t("admin"),
};
