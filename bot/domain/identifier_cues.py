"""Words around a name that say it is one. All in small letters."""

from __future__ import annotations

from bot.domain.identifier_types import word_list

TITLES = word_list("mr mrs ms miss mx master sir lady mister missus messrs mstr")
SPELT_SMALL = word_list("mr mrs ms mx")
"""Titles that say enough even before a name in small letters ("miss a tray" is no title)."""
PROFESSIONAL = word_list("dr doctor drs prof professor nurse reverend rev")
"""A colleague's title: their names are the record's own."""

NAMED = word_list("named name names surname forename firstname called")
PATIENT = word_list("patient pt pts px client lady gentleman chap lad girl boy bride groom kiddo")
RELATIVES = word_list(
    """
    mum mom mummy mother dad daddy father husband hubby wife son daughter sister brother partner fiance fiancé
    fiancee fiancée boyfriend girlfriend gran grandma granny grandmother nan grandad grandfather aunt auntie
    uncle niece nephew carer guardian twin cousin friend stepdad stepmum
"""
)
GREETINGS = word_list(
    """
    hi hello hey hiya dear thanks thank you cheers morning afternoon evening regards best sincerely wishes ta
    sorry welcome goodnight yours
"""
)
DETERMINERS = word_list("a an the some any each every no old new my our your his her their its this these those per")
PLACING = word_list("in at near from via using by into outside around")
"""What follows is a place, a make or a colleague."""
TRAVEL = word_list(
    """
    flies flying fly flew going go goes gone went moved moving move trip travel travels travelling back off
    emigrating emigrated abroad over return returning referred refer relocating relocated
"""
)
TASTE = word_list(
    """
    like likes prefer prefers use uses used using try tried recommend stock stocks order ordered bought buy love
    rate sell take takes taking prescribe prescribed prescribes
"""
)

SPEAKS = word_list("rang phoned says said texted emailed asks wants loves hates told thinks feels")
"""Enough even after a word that is no name on most days: "Grace rang"."""
SAYS = word_list(
    """
    rang phoned says said texted emailed asked asks wants wanted loves hates told thinks feels attended attends
    complains complained swallowed wears wore forgot agreed signed declined lost loses dropped replied admits
    claims insists reports reported mentioned noticed messaged prefers struggles struggled grinds worries
    understands smokes knows lives moved bit snapped cancelled confirmed chewed refuses refused wishes turns
    turned
"""
)
"""What only a person does."""
DOES = word_list(
    """
    is was has had isn't wasn't hasn't hadn't can can't could couldn't will won't would wouldn't does doesn't
    did didn't needs needed seems keeps kept goes went gets got might should may came comes broke breaks broken
    had's he's she's left left's started starts finished finishes missed misses flies flew fell looks looked
    called calls brought hopes hoped saw sent cracked chipped leaves returns returned tried tries took takes
    still just never also and's walked arrived booked paid decided stopped began wondered isn’t wasn’t hasn’t
    can’t couldn’t won’t doesn’t didn’t
"""
)
"""What a person may do, and a thing too."""
FILE_TYPES = "jpe?g|png|heic|webp|gif|tiff?|bmp|stl|ply|obj|dcm|pdf|zip|docx?|xlsx?|mp4|mov|m4a"
TOPICS = word_list("aligner aligners tray trays stage set retainer retainers attachment scan scans review")
"""What a message goes on about after the name it opens with."""
BELONGINGS = word_list(
    """scan scans tray trays aligner aligners retainer retainers attachment attachments photos records case teeth smile
    bite plan opg xray appointment next last first new upper lower mobile number email address"""
)
"""What is said to be somebody's."""
