"""Each series of Odoo exports what it has; a .pot keeps what the other one has."""

import polib

from prepare.translations import joined

COUNTER = "model:ir.model.fields,help:addon.field_model__message_needaction_counter"
AMOUNT = "model:ir.model.fields,help:addon.field_model__amount"
SCHEDULE = "model:ir.cron,name:addon.ir_cron_check"


def entry(term, *places):
    return polib.POEntry(msgid=term, occurrences=[(place, "0") for place in places])


def places(exported, former):
    found = joined(exported, former)
    return {
        term: [place for place, _ in entry.occurrences] for term, entry in found.items()
    }


def test_another_word_for_a_field_of_odoo_does_not_displace_the_first():
    first = entry("Messages which require an action", COUNTER)
    other = entry("Messages requiring action", COUNTER)
    assert places([other], [first]) == {"Messages which require an action": [COUNTER]}


def test_the_other_word_stays_where_it_stands_for_more():
    first = entry("Messages which require an action", COUNTER)
    other = entry("Messages requiring action", COUNTER, AMOUNT)
    assert places([other], [first]) == {
        "Messages requiring action": [AMOUNT],
        "Messages which require an action": [COUNTER],
    }


def test_own_words_are_displaced():
    former = [entry("Total", AMOUNT), entry("Check", SCHEDULE)]
    exported = [entry("Amount", AMOUNT), entry("Daily check", SCHEDULE)]
    assert places(exported, former) == {"Amount": [AMOUNT], "Daily check": [SCHEDULE]}


def test_what_this_series_lacks_is_kept():
    former = [entry("Amount", AMOUNT), entry("Check", SCHEDULE)]
    assert places([], former) == {"Check": [SCHEDULE]}
