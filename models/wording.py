"""How numbers are said to people, wherever they are shown."""


def percent(share: float) -> str:
    """Return a share in per cent, with a digit below ten and above 99.

    Only all is 100 % and only none is 0 %.

    >>> [percent(share) for share in (0.0, 0.0001, 0.05, 0.5, 0.998, 0.99999, 1.0)]
    ['0.0%', '0.1%', '5.0%', '50%', '99.8%', '99.9%', '100%']
    """
    if 0.0995 <= share < 0.995 or share >= 1:
        return f"{share:.0%}"
    return f"{min(max(share, 0.001), 0.999) if share > 0 else share:.1%}"
