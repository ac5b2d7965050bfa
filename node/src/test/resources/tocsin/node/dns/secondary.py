"""A secondary made of dnspython: takes a zone, or what became different in it, and keeps it in a file.

secondary.py PORT ZONE FILE [KEY SECRET]
"""

import os
import sys

import dns.message
import dns.query
import dns.tsig
import dns.xfr
import dns.zone

port, origin, file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
if os.path.exists(file):
    zone = dns.zone.from_file(file, origin, relativize=False, check_origin=False)
else:
    zone = dns.zone.Zone(origin, relativize=False)
signing = {}
if len(sys.argv) > 4:
    key = dns.tsig.Key(sys.argv[4], sys.argv[5], dns.tsig.HMAC_SHA256)
    signing = {"keyring": {key.name: key}, "keyname": key.name, "keyalgorithm": key.algorithm}
query, serial = dns.xfr.make_query(zone, **signing)
dns.query.inbound_xfr("127.0.0.1", zone, query, port, timeout=10, lifetime=15)
zone.to_file(file, relativize=False)
print(f"from {serial} to {zone.get_soa().serial}")
