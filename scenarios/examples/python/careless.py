"""A careless merchant, as a first attempt often looks. Do not copy it. ../README.md describes its commands. Its mistakes:

- It sends a payment again after a time-out, without an inquiry about the first one, and charges twice.
- It looks up codes in a table that lacks some (00026, 00039, 00040, ...) and crashes on them.
- Its amounts are floats: 1999 cents are 19.99 euros, but int(19.99 * 100) is 1998.
- Its NUMQUESTION is the time in seconds, so two questions in one second collide (00005).
- It reads the reply as UTF-8 and url-decodes it (parse_qs).
- It does not check that the reply repeats SITE, RANG and NUMQUESTION.
- It never uses the backup host.
- It does not look up the order before it pays, so a second call charges again.
- Its DATEQ is the day in the server's time zone and not in Paris.
- It reports a failed inquiry as a transaction that does not exist.
"""

import hashlib
import hmac
import os
import sys
import time
import urllib.parse
import urllib.request

MESSAGES = {
    "00000": "ok", "00001": "unavailable", "00003": "unavailable", "00004": "refused", "00006": "refused", "00008": "refused",
    "00009": "refused", "00010": "refused", "00011": "refused", "00014": "refused", "00015": "refused", "00018": "refused",
    "00020": "refused", "00021": "refused", "00022": "refused", "00097": "unavailable", "00098": "unavailable",
}  # fmt: skip
for issuer in range(100):
    MESSAGES[f"001{issuer:02d}"] = "refused"


def request(fields):
    fields = {
        "VERSION": os.environ["PAYBOX_VERSION"],
        "SITE": os.environ["PAYBOX_SITE"],
        "RANG": os.environ["PAYBOX_RANG"],
        "IDENTIFIANT": os.environ["PAYBOX_IDENTIFIANT"],
        "NUMQUESTION": int(time.time()),
        "DATEQ": time.strftime("%d%m%Y"),
        **fields,
    }
    if os.environ["PAYBOX_CLE"]:
        fields["CLE"] = os.environ["PAYBOX_CLE"]
    else:
        fields["HASH"] = "SHA512"
        message = "&".join(f"{name}={value}" for name, value in fields.items())
        fields["HMAC"] = hmac.new(bytes.fromhex(os.environ["PAYBOX_HMAC_KEY"]), message.encode(), hashlib.sha512).hexdigest()
    data = urllib.parse.urlencode(fields).encode()
    timeout = float(os.environ.get("PAYBOX_TIMEOUT", "10"))
    with urllib.request.urlopen(os.environ["PAYBOX_URL"], data, timeout=timeout) as response:
        body = response.read().decode("utf-8", errors="replace")
    return {name: values[0] for name, values in urllib.parse.parse_qs(body).items()}


def ask(fields):
    for _ in range(3):
        try:
            return request(fields)
        except OSError:
            time.sleep(1)  # a network problem: send it again
    return {}


def show(word, answer):
    if not answer:
        return "unknown"
    meaning = MESSAGES[answer["CODEREPONSE"]]
    if meaning != "ok":
        return f"{meaning} {answer['CODEREPONSE']}"
    return f"{word} {answer['NUMTRANS']} {answer['NUMAPPEL']}"


def cents(price):
    return int(price * 100)


def order(reference, price, card):
    return {"MONTANT": cents(price), "DEVISE": "978", "REFERENCE": reference, "PORTEUR": card, "DATEVAL": "1249", "CVV": "123"}


def earlier(numtrans, numappel, price):
    return {"MONTANT": cents(price), "DEVISE": "978", "NUMTRANS": numtrans, "NUMAPPEL": numappel}


command, *rest = sys.argv[1:]
if command == "pay":
    print(show("paid", ask({"TYPE": "00003", **order(rest[0], int(rest[1]) / 100, rest[2])})))
elif command == "authorize":
    print(show("authorized", ask({"TYPE": "00001", **order(rest[0], int(rest[1]) / 100, rest[2])})))
elif command == "capture":
    print(show("captured", ask({"TYPE": "00002", **earlier(rest[0], rest[1], int(rest[2]) / 100)})))
elif command == "cancel":
    print(show("cancelled", ask({"TYPE": "00005", **earlier(rest[0], rest[1], int(rest[2]) / 100)})))
elif command == "refund":
    print(show("refunded", ask({"TYPE": "00014", **earlier(rest[0], rest[1], int(rest[2]) / 100)})))
elif command == "status":
    answer = ask({"TYPE": "00017", "NUMTRANS": rest[0]})
    sys.stdout.reconfigure(encoding="utf-8")
    print(f"found {answer['STATUS']}" if "STATUS" in answer else "not-found")
