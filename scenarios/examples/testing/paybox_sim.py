"""A Paybox Direct gateway for each pytest test: the fixture `paybox`. Python 3.9 or newer, standard library only.

In conftest.py, with this file in the folder of the tests:

    from paybox_sim import paybox

The simulator is the one at PAYBOX_SIM_URL. Without that variable it is started for the tests and stopped after them; that needs Node.js
and the npm package paybox-direct-simulator in the project. docs/testing-in-python.md has an example.
"""

import atexit
import functools
import http.client
import json
import os
import pathlib
import re
import secrets
import subprocess
import types
import urllib.parse

import pytest

# The simulator exits when its standard input ends, so also when the test runner is killed.
_EXIT_WITH_PARENT = "--import=data:text/javascript,process.stdin.resume().on('end',()=>process.exit())"
_LETTERS = str.maketrans("0123456789", "ghijklmnop")  # digits could look like a card number, which no session name has
_PAGE = 1000  # entries that the control API returns at most


class PayboxError(Exception):
    """The simulator cannot be started or reached, or it does not understand what the test asked of it."""


@pytest.fixture
def paybox(request):
    """A gateway for this test only, with its own payments, clock, rules and journal."""
    gateway = Gateway.open(request.node.name)
    yield gateway
    gateway.close()


class Gateway:
    """A gateway that the code under test can call, and what a test does with it."""

    def __init__(self, simulator_url, name):
        self._simulator_url = simulator_url
        self._name = name
        base = f"{simulator_url}/s/{name}"
        #: The gateway's URL, for the configuration of the code under test.
        self.url = f"{base}/PPPS.php"
        #: The URL of the backup host.
        self.backup_url = f"{base}/backup/PPPS.php"
        #: An account that the gateway knows. It accepts `cle` and HMACs with `hmac_key`.
        self.account = types.SimpleNamespace(
            site="1999888", rang="32", identifiant="107904482", cle="1999888I", hmac_key="0123456789ABCDEF" * 8
        )
        #: A card whose payments are accepted. `expiry` is MMYY.
        self.card = types.SimpleNamespace(number="1111222233334444", expiry="1249", cvv="123")
        self.clock = Clock(self._control)

    @classmethod
    def open(cls, test_name="test"):
        """Returns a new, empty gateway. The inspector shows it under the name of the test."""
        slug = re.sub(r"[^A-Za-z0-9._-]+", "-", test_name)[:40]
        return cls(_simulator_url(), f"{slug}-{secrets.token_hex(6).translate(_LETTERS)}")

    def close(self):
        """Deletes the gateway with all its data."""
        _request(self._simulator_url, "DELETE", f"/_sim/sessions/{self._name}", missing_ok=True)

    def answer(self, code, **condition):
        """Answers requests with this code: `paybox.answer("00105", match={"TYPE": "pay"}, times=1)`.

        The conditions are those of a rule: match, payment, host, from, times, probability, seed. Without any, all requests are answered.
        """
        return self._control("POST", "/rules", {**condition, "answer": code})

    def fault(self, fault, **condition):
        """Makes the connection fail: `paybox.fault({"reply": "never"}, match={"TYPE": "pay"})`. Conditions: see `answer`."""
        return self._control("POST", "/rules", {**condition, "fault": fault})

    def drop_reply(self, times=1, **condition):
        """Processes the next matching request and cuts the connection instead of a reply: `paybox.drop_reply(match={"TYPE": "pay"})`."""
        return self.fault({"reply": "drop"}, times=times, **condition)

    def journal(self):
        """Returns the exchanges so far, oldest first: dicts with `operation`, `CODEREPONSE`, `request` and `reply` (dicts), `findings`."""
        entries = self._all("journal", "entries", "seq")
        return [{**entry, "request": dict(entry["request"])} for entry in entries]

    def payments(self):
        """Returns the payments so far, oldest first: dicts with `REFERENCE`, `STATUS`, `captured`, `refunded` (minor units), and more."""
        return self._all("payments", "payments", "id")

    def assert_charged_once(self, reference=None, amount=None, refunded=None):
        """Passes if exactly one payment with these properties was captured. Amounts are in minor units: 1000 is 10.00 EUR."""
        __tracebackhide__ = True
        self.assert_charged(1, reference, amount, refunded)

    def assert_not_charged(self, reference=None):
        """Passes if no payment (of this reference) was captured."""
        __tracebackhide__ = True
        self.assert_charged(0, reference)

    def assert_charged(self, times=1, reference=None, amount=None, refunded=None):
        """Passes if exactly `times` payments with these properties were captured. Amounts are in minor units."""
        __tracebackhide__ = True
        charge = {"times": times, "reference": reference, "amount": amount, "refunded": refunded}
        self._check({"charged": {name: value for name, value in charge.items() if value is not None}})

    def assert_received(self, requests):
        """Passes if exactly these requests were received, in this order.

        A request is an operation, by name or TYPE, or a dict: `{"send": "pay", "with": {"MONTANT": re.compile("1000$")}, "answered": "00000"}`.
        """
        __tracebackhide__ = True
        self._check({"received": requests})

    def assert_no_findings(self, at_least="warning"):
        """Passes if no request has a finding of this severity (info, warning, error) or a higher one."""
        __tracebackhide__ = True
        self._check({"noFindings": at_least})

    def _check(self, expected):
        __tracebackhide__ = True
        result = self._control("POST", "/check", expected)
        if not result["pass"]:
            raise AssertionError(result["message"])

    def _control(self, method, path, body=None):
        return _request(self._simulator_url, method, f"/s/{self._name}/_sim{path}", body)

    def _all(self, route, key, before):
        found, query = [], ""
        while True:
            page = self._control("GET", f"/{route}?limit={_PAGE}{query}")[key]
            found += page
            if len(page) < _PAGE:
                return found[::-1]
            query = f"&before={page[-1][before]}"


class Clock:
    """The clock of a gateway. Times are ISO 8601, in Paris if they have no offset."""

    def __init__(self, control):
        self._control = control

    def now(self):
        """Returns the time of the gateway."""
        return self._control("GET", "/clock")["now"]

    def set(self, time, frozen=False):
        """Sets the time: `paybox.clock.set("2026-03-28T23:50")`. A frozen clock stands still until it is set again."""
        self._control("PUT", "/clock", {"now": time, "frozen": frozen})

    def advance(self, duration):
        """Advances the time by an ISO 8601 duration: `P1D`, `PT90M`. The remittances of the nights in between take place."""
        self._control("POST", "/clock/advance", {"by": duration})

    def remit(self):
        """Advances the time to just after tonight's remittance."""
        self._control("POST", "/clock/remit")


@functools.lru_cache(maxsize=None)
def _simulator_url():
    """Returns the URL of the simulator, which is started if PAYBOX_SIM_URL is not set."""
    given = os.environ.get("PAYBOX_SIM_URL", "")
    if given:
        return given.rstrip("/")
    command = ["node", _EXIT_WITH_PARENT, str(_find_main()), "serve", "--port", "0", "--json", "--quiet"]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except FileNotFoundError:
        raise PayboxError("Node.js is not installed. Install it, or set PAYBOX_SIM_URL to the URL of a running simulator.") from None
    line = process.stdout.readline()
    if not line:
        raise PayboxError(f"The simulator did not start (exit status {process.wait()}). Its error is printed above.")
    parent = os.getpid()
    atexit.register(lambda: os.getpid() == parent and _stop(process))
    return json.loads(line)["url"]


def _stop(process):
    process.stdin.close()
    process.wait()
    process.stdout.close()


def _find_main():
    """Finds the simulator in the package that has this file, or in the node_modules of the current folder or one above it."""
    own = [*pathlib.Path(__file__).resolve().parents][3:4]
    above = [folder / "node_modules" / "paybox-direct-simulator" for folder in (pathlib.Path.cwd(), *pathlib.Path.cwd().parents)]
    for package in own + above:
        main = package / "dist" / "cli" / "main.js"
        if (package / "scenarios" / "examples" / "testing").is_dir() and main.is_file():
            return main
    raise PayboxError(
        "paybox-direct-simulator is not installed: no node_modules in this folder or above has it. "
        "Run `npm install --save-dev paybox-direct-simulator`, or set PAYBOX_SIM_URL to the URL of a running simulator."
    )


def _request(simulator_url, method, path, body=None, missing_ok=False):
    """Calls the control API, without the proxies of the environment. Returns the JSON of the response."""
    url = urllib.parse.urlsplit(simulator_url)
    if url.scheme != "http" or not url.hostname:
        raise PayboxError(f"PAYBOX_SIM_URL must be like http://127.0.0.1:8888, not {simulator_url}.")
    connection = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=30)
    text = None if body is None else json.dumps(body, default=_pattern).encode()
    try:
        connection.request(method, url.path + path, text)
        response = connection.getresponse()
        answer = response.read().decode()
    except OSError as error:
        raise PayboxError(f"No simulator answers at {simulator_url} ({error}). Check PAYBOX_SIM_URL, or unset it to start one.") from error
    finally:
        connection.close()
    if response.status < 400:
        return json.loads(answer) if answer else None
    if response.status == 404 and missing_ok:
        return None
    raise PayboxError(_failure_text(answer))


def _pattern(value):
    if isinstance(value, re.Pattern) and value.flags == re.UNICODE:
        return {"pattern": value.pattern}
    raise PayboxError(f"{value!r} cannot be sent to the simulator. It knows texts, numbers and regular expressions without flags.")


def _failure_text(answer):
    try:
        failure = json.loads(answer)
        problems = [f"\n  {problem['where']}: {problem['what']}" for problem in failure.get("problems", [])]
        return failure["error"] + "".join(problems)
    except (ValueError, KeyError):
        return f"This is not the simulator: {answer[:200]}. Check PAYBOX_SIM_URL."
