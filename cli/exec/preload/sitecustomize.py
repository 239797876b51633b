"""Routes the HTTPS connections of a Python program to paybox-direct-simulator.

Python imports this module at its start when the folder is in PYTHONPATH. It is for the libraries that read no HTTPS_PROXY
(http.client, aiohttp, requests with trust_env=False) or bring their own authorities. PAYBOX_SIM_URL is the simulator,
PAYBOX_SIM_HOSTS the hosts of the gateway, PAYBOX_SIM_CA the certificate of its authority.
"""

import os
import sys


def _route():
    import ipaddress
    import socket
    import ssl
    from urllib.parse import urlsplit

    url = urlsplit(os.environ["PAYBOX_SIM_URL"])
    simulator = (url.hostname, url.port or 80)
    gateway = os.environ["PAYBOX_SIM_HOSTS"].split(",")
    authority = os.environ["PAYBOX_SIM_CA"]

    # PHP gives its child processes a scheme that requests does not know without PySocks.
    if os.environ.get("https_proxy", "").startswith("socks5h://") and os.environ.get("HTTPS_PROXY"):
        os.environ["https_proxy"] = os.environ["HTTPS_PROXY"]

    # An address of the documentation (RFC 5737) stands for the gateway between the look-up of its name and the connection.
    stand_in = "192.0.2.80"

    def name_of(host):
        text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        return text.lower().rstrip(".").strip("[]")

    def is_local(name):
        if name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            address = ipaddress.ip_address(name.split("%")[0])
        except ValueError:
            return False
        return address.is_loopback or address.is_unspecified

    def matches(entry, name):
        if entry == "*":
            return True
        if "/" in entry:
            try:
                return ipaddress.ip_address(name) in ipaddress.ip_network(entry, strict=False)
            except ValueError:
                return False
        wanted = entry.lower()
        wanted = wanted[:-4] if wanted.endswith(":443") else wanted
        wanted = wanted.strip("[]").lstrip("*").lstrip(".")
        return wanted != "" and (name == wanted or name.endswith("." + wanted))

    def is_direct(name):
        entries = (os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "").replace(",", " ").split()
        return is_local(name) or any(matches(entry, name) for entry in entries)

    look_up = socket.getaddrinfo
    connect = socket.socket.connect
    connect_ex = socket.socket.connect_ex

    def refusal(name):
        """Asks the simulator for a tunnel. It refuses, and reports the refusal where it runs."""
        target = "[%s]:443" % name if ":" in name else "%s:443" % name
        reply = b""
        try:
            family, kind, protocol, _, address = look_up(simulator[0], simulator[1], 0, socket.SOCK_STREAM)[0]
            with socket.socket(family, kind, protocol) as tunnel:
                tunnel.settimeout(5)
                connect(tunnel, address)
                tunnel.sendall(("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (target, target)).encode("latin-1", "replace"))
                while True:
                    part = tunnel.recv(4096)
                    if not part:
                        break
                    reply += part
        except OSError:
            pass
        reason = reply.partition(b"\r\n\r\n")[2].decode("utf-8", "replace").strip()
        return reason or "%s was refused: it is not one of the gateway's hosts, and the simulator at %s does not answer." % (target, url.geturl())

    def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
        name = name_of(host)
        if str(port) in ("443", "https"):
            if name in gateway:
                if family not in (0, socket.AF_INET):
                    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
                return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (stand_in, 443))]
            is_simulator = (name, port) == simulator
            if name and not is_simulator and not is_direct(name):
                raise socket.gaierror(socket.EAI_FAIL, refusal(name))
        return look_up(host, port, family, type, proto, flags)

    def target(address):
        return simulator if isinstance(address, tuple) and address[:2] == (stand_in, 443) else address

    socket.getaddrinfo = getaddrinfo
    socket.socket.connect = lambda self, address: connect(self, target(address))
    socket.socket.connect_ex = lambda self, address: connect_ex(self, target(address))

    load = ssl.SSLContext.load_verify_locations

    def load_verify_locations(self, *args, **named):
        load(self, *args, **named)
        load(self, cafile=authority)

    ssl.SSLContext.load_verify_locations = load_verify_locations


def _run_next():
    """Runs the sitecustomize module that this one hides, if there is one."""
    here = os.path.dirname(os.path.abspath(__file__))
    import importlib.machinery
    import importlib.util

    others = [path for path in sys.path if os.path.abspath(path or os.curdir) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


if os.environ.get("PAYBOX_SIM_URL") and os.environ.get("PAYBOX_SIM_HOSTS") and os.environ.get("PAYBOX_SIM_CA"):
    _route()
_run_next()
