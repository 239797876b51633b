"""A safe merchant in Python 3 with the standard library only. ../README.md describes its commands."""

import hashlib, hmac, http.client, os, re, secrets, socket, sys, time  # noqa: E401
import urllib.error, urllib.parse, urllib.request  # noqa: E401
from datetime import datetime
from zoneinfo import ZoneInfo

ENV = os.environ
HOSTS = [ENV["PAYBOX_URL"], ENV["PAYBOX_BACKUP_URL"]]
TIMEOUT = float(ENV.get("PAYBOX_TIMEOUT", "10"))

# After these codes nothing was processed, so the backup host may be used. After 00099 the question may have been processed.
FAILOVER = {"00001", "00003", "00097", "00098"}
UNAVAILABLE = FAILOVER | {"00099"}
SUCCESS, NOT_FOUND, EXISTS = "00000", "00018", "00016"
# STATUS of payments that took no money. Such an order may be paid again.
NOTHING_TAKEN = {"Refusé", "Annulé"}
# Seconds to wait before each inquiry about a question without a reply.
ASK_AFTER = [0, 0.5, 1]


class NeverOpened(Exception):
    """The connection was refused, so the question was not sent."""


class Lost(Exception):
    """There is no reply, or not a valid one. The question may have been processed."""


def question(kind, fields):
    q = {"VERSION": ENV["PAYBOX_VERSION"], "TYPE": kind, "SITE": ENV["PAYBOX_SITE"], "RANG": ENV["PAYBOX_RANG"]}
    if ENV.get("PAYBOX_IDENTIFIANT"):
        q["IDENTIFIANT"] = ENV["PAYBOX_IDENTIFIANT"]
    # Random, because independent processes must not use the same number on one day.
    q["NUMQUESTION"] = f"{secrets.randbelow(2147483647) + 1:010d}"
    q["DATEQ"] = datetime.now(ZoneInfo("Europe/Paris")).strftime("%d%m%Y")
    q.update(fields)
    if ENV.get("PAYBOX_CLE"):
        q["CLE"] = ENV["PAYBOX_CLE"]
    else:
        q["HASH"] = "SHA512"
        # Sign before percent-encoding, with the bytes of the key and not with its hex digits.
        message = "&".join(f"{name}={value}" for name, value in q.items())
        q["HMAC"] = hmac.new(bytes.fromhex(ENV["PAYBOX_HMAC_KEY"]), message.encode(), hashlib.sha512).hexdigest().upper()
    return q


def post(url, q):
    deadline = time.monotonic() + TIMEOUT
    try:
        with urllib.request.urlopen(url, urllib.parse.urlencode(q).encode(), timeout=TIMEOUT) as response:
            body = b""
            # The time-out of urlopen applies to each read, so a slow reply could take much longer in total.
            while chunk := response.read1(4096):
                body += chunk
                if time.monotonic() > deadline:
                    raise Lost("time-out")
            if response.status != 200 or str(len(body)) != response.headers.get("Content-Length", str(len(body))):
                raise Lost("broken reply")
            return body
    except urllib.error.HTTPError as error:
        raise Lost(f"HTTP {error.code}") from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, (ConnectionRefusedError, socket.gaierror)):
            raise NeverOpened from None
        raise Lost("cut") from None
    except (OSError, http.client.HTTPException):
        raise Lost("time-out or cut") from None


def answers(q, reply):
    """Whether a reply answers a question. Digits are compared as numbers, because some replies add or remove leading zeros.

    The refusal of a frame that could not be read has a NUMQUESTION of zeros, and perhaps spaces for SITE and RANG."""
    unreadable = reply["CODEREPONSE"] == "00014" and re.fullmatch("0+", reply.get("NUMQUESTION", ""))

    def repeats(name):
        sent, received = q[name], reply.get(name, "")
        same = sent == received or (re.fullmatch(r"[0-9]+", received) and int(sent) == int(received))
        return same or (unreadable and (name == "NUMQUESTION" or re.fullmatch(" +", received)))

    return all(repeats(name) for name in ("SITE", "RANG", "NUMQUESTION"))


def exchange(url, q):
    # The reply is in ISO-8859-1 and not url-encoded.
    pairs = post(url, q).decode("iso-8859-1").split("&")
    reply = {name: value for name, _, value in (pair.partition("=") for pair in pairs)}
    if not re.fullmatch(r"[0-9A-Za-z]{5}", reply.get("CODEREPONSE", "")):
        raise Lost("no CODEREPONSE")
    if not answers(q, reply):
        raise Lost("a reply to another question")
    return reply


def ask(kind, fields):
    refused = None
    for url in HOSTS:
        try:
            reply = exchange(url, question(kind, fields))
        except NeverOpened:
            continue
        if reply["CODEREPONSE"] not in FAILOVER:
            return reply
        refused = reply
    if refused is None:
        raise NeverOpened
    return refused


def find(order):
    """Looks up a payment by amount and reference. 00011 returns no STATUS, so 00017 follows."""
    named = ask("00011", order)
    if named["CODEREPONSE"] != SUCCESS:
        return named
    found = ask("00017", {"NUMTRANS": named["NUMTRANS"]})
    if found["CODEREPONSE"] == NOT_FOUND:
        raise Lost("found, then not found")
    return found


def line(word, reply):
    code = reply["CODEREPONSE"]  # works for unknown codes too, because there is no table of codes
    if code != SUCCESS:
        return f"{'unavailable' if code in UNAVAILABLE else 'refused'} {code}"
    numbers = reply.get("NUMTRANS", ""), reply.get("NUMAPPEL", "")
    return f"{word} {numbers[0]} {numbers[1]}" if all(re.fullmatch(r"\d{1,10}", number) for number in numbers) else "unknown"


def carry_out(kind, fields, word, leaves, look, was=None):
    """Sends a question once. If its reply is lost, inquires about it and never sends it again.

    If the payment had the resulting STATUS (leaves) before (was), that STATUS does not prove that the question was processed."""
    try:
        return line(word, ask(kind, fields))
    except Lost:
        for delay in ASK_AFTER:
            time.sleep(delay)
            try:
                seen = look()
            except (Lost, NeverOpened):
                continue
            if seen["CODEREPONSE"] == SUCCESS and seen.get("STATUS") == leaves != was:
                return line(word, seen)
        return "unknown"


def take(kind, word, leaves, reference, amount, paying):
    """paying: the card, or the subscriber with the token of one."""
    order = {"MONTANT": amount, "DEVISE": "978", "REFERENCE": reference}
    before = find(order)  # an earlier call may have paid; then this one must not
    if before["CODEREPONSE"] == SUCCESS and before.get("STATUS") not in NOTHING_TAKEN:
        return line(word, before) if before.get("STATUS") == leaves else "unknown"
    if before["CODEREPONSE"] not in (SUCCESS, NOT_FOUND):
        return line(word, before)
    return carry_out(kind, {**order, **paying}, word, leaves, lambda: find(order))


def card(number):
    return {"PORTEUR": number, "DATEVAL": "1249", "CVV": "123"}


def subscribe(subscriber, number):
    """Registers a card. Without a reply nothing shows whether it was registered, so the next call finds the subscriber (00016) and sends the card again."""
    fields = {"MONTANT": "0", "DEVISE": "978", "REFABONNE": subscriber, **card(number)}
    reply = ask("00056", fields)
    if reply["CODEREPONSE"] == EXISTS:
        reply = ask("00057", fields)
    return f"subscribed {reply['PORTEUR']}" if reply["CODEREPONSE"] == SUCCESS else line("", reply)


def renew(subscriber, token, reference, amount):
    paying = {"REFABONNE": subscriber, "PORTEUR": token, "DATEVAL": "1249"}
    return take("00053", "renewed", "Capturé", reference, amount, paying)


def follow(kind, word, leaves, numtrans, numappel, amount):
    numbers = {"NUMTRANS": numtrans, "NUMAPPEL": numappel}
    try:
        was = ask("00017", numbers).get("STATUS", leaves)
    except (Lost, NeverOpened):
        was = leaves
    return carry_out(kind, {"MONTANT": amount, "DEVISE": "978", **numbers}, word, leaves, lambda: ask("00017", numbers), was)


def status(numtrans):
    try:
        reply = ask("00017", {"NUMTRANS": numtrans})
    except NeverOpened:
        return "unknown"
    if reply["CODEREPONSE"] == NOT_FOUND:
        return "not-found"
    # Any other failure says nothing about the transaction.
    return f"found {reply['STATUS']}" if reply["CODEREPONSE"] == SUCCESS and reply.get("STATUS") else "unknown"


COMMANDS = {
    "pay": lambda reference, amount, number: take("00003", "paid", "Capturé", reference, amount, card(number)),
    "authorize": lambda reference, amount, number: take("00001", "authorized", "Autorisé", reference, amount, card(number)),
    "subscribe": subscribe,
    "renew": renew,
    "capture": lambda *payment: follow("00002", "captured", "Capturé", *payment),
    "cancel": lambda *payment: follow("00005", "cancelled", "Annulé", *payment),
    "refund": lambda *payment: follow("00014", "refunded", "Remboursé", *payment),
    "status": status,
}

sys.stdout.reconfigure(encoding="utf-8")
try:
    print(COMMANDS[sys.argv[1]](*sys.argv[2:]))
except NeverOpened:
    print("unavailable connection")
except Lost:
    print("unknown")
