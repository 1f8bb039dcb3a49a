"""Personal data goes before anything is stored: phones, identity numbers, cards, names, addresses.

Each rule (``models.text.personal``) is as narrow as its kind allows, checked by check digit where
there is one, so that HS codes, batch numbers, amounts, dates and credit codes stay. What is masked
becomes a token such as ``〔电话〕``; masking twice changes nothing.
"""

from models.text.personal import addresses, contacts, names, numbers, plates
from models.text.personal.rule import any_of

FAMILIES = (
    *contacts.FAMILIES,
    *numbers.FAMILIES,
    *plates.FAMILIES,
    *addresses.FAMILIES,
    *names.FAMILIES,
)
TRIGGER = any_of(family.trigger for family in FAMILIES)  # most texts hold none


def mask(text: str) -> str:
    """Return the text with personal data replaced by tokens; an empty text stays empty.

    >>> mask("联系人：王小明，电话13812345678，批号20240301A")
    '联系人：〔姓名〕，电话〔电话〕，批号20240301A'
    """
    masked = text
    while TRIGGER.search(masked):
        text, masked = masked, _masked(masked)
        if masked == text:
            break
    return masked


def _masked(text: str) -> str:
    for family in FAMILIES:
        text = family.mask(text)
    return text
