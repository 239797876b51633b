#!/bin/sh
# Makes the programs of a container trust the certificate authority of paybox-direct-simulator, then runs a command:
#
#   sh trust-authority.sh COMMAND [ARGUMENT...]
#
# It adds the authority to the system's store, which PHP, wget and most programs read, and sets the variables of the runtimes that have
# lists of their own. Variables that are set already stay. PAYBOX_SIM_HOME is the simulator's folder, a volume that both containers
# mount; default: /paybox. It must run as root to change the store; the command may change the user afterwards.
set -eu

home=${PAYBOX_SIM_HOME:-/paybox}
tries=300
until [ -r "$home/java-truststore.jks" ] && [ -r "$home/ca.pem" ]; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo "trust-authority.sh: there is no readable $home/ca.pem. Is the volume of the simulator mounted there, and does this run as root?" >&2
    exit 1
  fi
  sleep 0.1
done

# The simulator's folder is private. The command may run as another user.
shared=$(mktemp -d)
chmod 755 "$shared"
cp "$home/ca.pem" "$home/ca-bundle.pem" "$home/java-truststore.jks" "$shared"
chmod 644 "$shared"/*

bundle=$shared/ca-bundle.pem
if command -v update-ca-certificates >/dev/null && mkdir -p /usr/local/share/ca-certificates 2>/dev/null &&
  cp "$shared/ca.pem" /usr/local/share/ca-certificates/paybox-sim.crt 2>/dev/null; then
  update-ca-certificates >/dev/null 2>&1
  bundle=/etc/ssl/certs/ca-certificates.crt
elif command -v update-ca-trust >/dev/null && cp "$shared/ca.pem" /etc/pki/ca-trust/source/anchors/paybox-sim.pem 2>/dev/null; then
  update-ca-trust
  bundle=/etc/pki/tls/certs/ca-bundle.crt
else
  echo 'trust-authority.sh: the store of the system was not changed: there is no update-ca-certificates (Debian, Alpine: package ca-certificates), or this does not run as root. Programs that read no variable do not trust the simulator.' >&2
fi

export SSL_CERT_FILE="${SSL_CERT_FILE:-$bundle}"
export CURL_CA_BUNDLE="${CURL_CA_BUNDLE:-$bundle}"
export REQUESTS_CA_BUNDLE="${REQUESTS_CA_BUNDLE:-$bundle}"
export PERL_LWP_SSL_CA_FILE="${PERL_LWP_SSL_CA_FILE:-$bundle}"
export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$shared/ca.pem}"
case "${JAVA_TOOL_OPTIONS:-}" in
  *javax.net.ssl.trustStore=*) ;;
  *)
    trust="-Djavax.net.ssl.trustStore=$shared/java-truststore.jks -Djavax.net.ssl.trustStorePassword=changeit"
    export JAVA_TOOL_OPTIONS="${JAVA_TOOL_OPTIONS:+$JAVA_TOOL_OPTIONS }$trust"
    ;;
esac

exec "$@"
