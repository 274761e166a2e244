"""Uses of the package that a type checker must understand. It is checked, and never run."""

import polars as pl
import pyarrow as pa
import refrain
from typing_extensions import assert_type

assert_type(refrain.clean("a"), str)
assert_type(refrain.clean(["a", None], "scraper"), list[str | None])
assert_type(refrain.clean(pl.Series(["a"])), pl.Series)
assert_type(refrain.edits("a"), list[refrain.Removal])
assert_type(refrain.edits(["a"]), list[list[refrain.Removal] | None])
assert_type(refrain.edits("a")[0].original.start, int)
assert_type(refrain.segments("a"), list[refrain.Segment])
assert_type(refrain.remove("a", segments=[0]), str)
assert_type(refrain.remove("a", spans=refrain.edits("a")), str)
assert_type(refrain.report("a", refrain.Policy.scraper()).html, str)
assert_type(refrain.Policy.default().with_rules("menu"), refrain.Policy)
assert_type(refrain.__version__, str)
assert_type(refrain.Near().cluster(["a"]).kept, list[int])
assert_type(refrain.Near().verify("a", "b"), refrain.Overlap | None)
assert_type(refrain.Index().query("a").runs[0].source, refrain.ByteSpan)
assert_type(refrain.Deduplicator().dedup("a"), str)
assert_type(refrain.Passages().dedup("a", "b").text, str)
assert_type(refrain.Contamination().report(), list[refrain.ItemReport])

refrain.clean(pa.array(["a"]))
refrain.clean("a", segmentation="line")  # type: ignore[call-overload]
refrain.clean(3)  # type: ignore[call-overload]
refrain.fingerprint("a", form="base64")  # type: ignore[call-overload]
