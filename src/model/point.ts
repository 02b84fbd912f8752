import { type Static, Type } from "typebox";
import { InstantField } from "./schema.ts";

export const Point = Type.Object(
  {
    time: InstantField("When the span begins that it stands for"),
    min: Type.Number({ description: "the least value of the span" }),
    mean: Type.Number({ description: "the mean value of the span" }),
    max: Type.Number({ description: "the greatest value of the span" }),
    imported: Type.Optional(
      Type.Literal(true, { description: "Not seen by Pulse itself: what the server remembered from before." }),
    ),
  },
  {
    $id: "Point",
    description: "What a metric was over a span of time. A span of which nothing is known has no point.",
  },
);
export type Point = Static<typeof Point>;
