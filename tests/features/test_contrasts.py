from features import contrasts
from features.contrasts import shrunk_rate, spans


def test_a_users_own_column_leans_on_its_own_longer_past_first() -> None:
    assert spans(("x_inspector",), 180) == (180, 730, None)
    assert spans(("enterprise", "x_line"), None) == (None,)
    facts = [a for a in shrunk_rate(("x_inspector",), 180).inputs if a.measure is None]
    told = [(a.key, a.window) for a in facts]
    own = [(("x_inspector",), days) for days in (180, 730, None)]
    assert told == [*own, ((), 180)]


def test_goods_and_firms_lean_on_coarser_keys_over_the_same_window() -> None:
    facts = [a for a in shrunk_rate(("origin", "hs4"), 60).inputs if a.measure is None]
    assert [(a.key, a.window) for a in facts] == [
        (key, 60) for key in (("origin", "hs4"), ("hs4",), ("hs2",), ())
    ]
    assert all(spans(("brand",), days) == (days,) for days in contrasts.RATES)
