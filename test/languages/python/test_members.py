import json
import re
import urllib.request

import pytest
from paybox_sim import PayboxError
from shop import checkout


def test_urls_journal_and_payments(paybox):
    assert checkout(paybox.url, "ORDER-1", 1000) == "paid"
    assert checkout(paybox.backup_url, "ORDER-2", 2000) == "paid"
    entries = paybox.journal()
    assert [(entry["operation"], entry["request"]["MONTANT"]) for entry in entries] == [("pay", "1000"), ("pay", "2000")]
    assert entries[0]["request"]["SITE"] == paybox.account.site
    assert [(payment["REFERENCE"], payment["STATUS"], payment["captured"]) for payment in paybox.payments()] == [
        ("ORDER-1", "Capturé", 1000),
        ("ORDER-2", "Capturé", 2000),
    ]
    paybox.assert_charged(times=2)
    paybox.assert_charged_once("ORDER-2", 2000, refunded=0)
    paybox.assert_received([{"send": "pay", "with": {"MONTANT": re.compile("^1.*0$"), "REFERENCE": "ORDER-1"}}, "00003"])
    paybox.assert_no_findings("error")


def test_answers_and_faults(paybox):
    paybox.answer("00105", match={"REFERENCE": "ORDER-1"})
    paybox.fault({"processed": "no", "reply": "drop"}, match={"REFERENCE": "ORDER-2"}, times=1)
    assert checkout(paybox.url, "ORDER-1", 1000) == "refused"
    assert checkout(paybox.url, "ORDER-2", 1000) == "paid"
    paybox.assert_not_charged("ORDER-1")
    paybox.assert_charged_once("ORDER-2", 1000)


def test_clock(paybox):
    paybox.clock.set("2026-06-10T12:00", frozen=True)
    assert paybox.clock.now().startswith("2026-06-10T12:00")
    paybox.clock.advance("P1D")
    assert paybox.clock.now().startswith("2026-06-11T12:00")
    paybox.clock.remit()
    assert paybox.clock.now().startswith("2026-06-12T03:30")


def test_more_than_a_page(paybox):
    control = paybox.url.replace("PPPS.php", "_sim/seed")
    urllib.request.urlopen(control, json.dumps({"payments": 1100}).encode()).read()
    numbers = [entry["seq"] for entry in paybox.journal()]
    assert len(numbers) > 1000
    assert numbers == list(range(1, len(numbers) + 1))
    ids = [payment["id"] for payment in paybox.payments()]
    assert len(ids) > 1000
    assert ids == sorted(set(ids))


def test_mistakes(paybox):
    with pytest.raises(PayboxError, match='unknown name "tmies"; known here: id, match, payment'):
        paybox.answer("00105", tmies=1)
    with pytest.raises(PayboxError, match="payy is not an operation"):
        paybox.assert_received(["payy"])
    with pytest.raises(PayboxError, match="without flags"):
        paybox.assert_received([{"send": "pay", "with": {"REFERENCE": re.compile("x", re.IGNORECASE)}}])
