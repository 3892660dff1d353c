"""Exact decimals from text, column by column. No binary floats in between."""

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

import polars as pl

WORKING = pl.Decimal(38, 15)
_LARGEST = Decimal(10) ** 17
_SIGNIFICANT = 15
"""Digits a spreadsheet number holds; anything beyond is the noise of binary floats."""

_PLAIN = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?$"
_GROUPED = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,4})?$"
_SHORT = r"^[+-]?[0-9.]{1,16}$"


def parse_decimals(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Decimals of normalised text, and which texts are numbers at all.

    Thousands separators must be well formed. Numbers of more than 15 significant digits with a
    fraction are first rounded to 15 (float noise), though never coarser than two decimals. A number
    of 10^17 or more comes back as NULL though it is readable: no field has room for it.
    """
    plain = text.str.contains(_PLAIN).fill_null(False)
    grouped = text.str.contains(_GROUPED).fill_null(False)
    readable = plain | grouped
    digits = text.str.replace_all(",", "", literal=True)
    frame = pl.DataFrame({"digits": digits, "readable": readable}).with_columns(
        short=pl.col("readable") & pl.col("digits").str.contains(_SHORT)
    )
    easy = frame.select(
        pl.when("short").then(pl.col("digits").str.strip_prefix("+")).cast(WORKING, strict=False)
    ).to_series()
    rest = frame.filter(pl.col("readable") & ~pl.col("short"))["digits"].unique()
    if rest.is_empty():
        return easy, readable
    mapping = pl.DataFrame({"digits": rest, "value": pl.Series([_exact(t) for t in rest], dtype=WORKING)})
    values = frame.join(mapping, on="digits", how="left", maintain_order="left")["value"]
    return pl.select(pl.coalesce(easy, values)).to_series(), readable


def round_half_up(values: pl.Series, decimals: int) -> pl.Series:
    """Rounded half away from zero, the one rounding of the product."""
    return values.round(decimals, mode="half_away_from_zero")


def _exact(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    digits = value.as_tuple().digits
    if len(digits) > _SIGNIFICANT and value.as_tuple().exponent < -2:
        # never coarser than 分: beyond ten trillion yuan, 15 digits leave out cents a number still holds
        precision = max(_SIGNIFICANT, value.adjusted() + 3)
        value = Context(prec=precision, rounding=ROUND_HALF_UP).plus(value)
    if abs(value) >= _LARGEST:
        return None
    return value.quantize(Decimal(1).scaleb(-15), rounding=ROUND_HALF_UP, context=Context(prec=60))
