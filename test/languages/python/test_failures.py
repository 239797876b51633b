import re

from shop import checkout


def test_charged(paybox):
    checkout(paybox.url, "ORDER-1", 1000)
    paybox.assert_charged_once("ORDER-1", 10)


def test_nothing(paybox):
    paybox.assert_charged_once()


def test_received(paybox):
    checkout(paybox.url, "ORDER-1", 1000)
    paybox.assert_received([{"send": "pay", "with": {"MONTANT": re.compile("999$")}}])


def test_findings(paybox):
    checkout(paybox.url, "ORDER-1", 1000)
    checkout(paybox.url, "ORDER-1", 1000)
    paybox.assert_no_findings("error")
