"""A reader of btrfs reservations as people write them to find space leaks: a regular expression per line.

It sums what each pool of each file system reserved and released, and the change of bytes_may_use. It is here to be
compared with, see compare.
"""
import collections
import re
import sys

HEAD = re.compile(r"^\s*(?P<comm>.*)-(?P<pid>\d+)\s+(?:\(.*?\)\s+)?\[(?P<cpu>\d+)\]\s+(?:\S+\s+)?(?P<time>\d+\.\d+): "
                  r"(?P<event>\w+): (?P<text>.*)$")
RESERVATION = re.compile(r"^(?P<fsid>\S+): (?P<pool>.*): (?P<val>\d+) (?P<what>reserve|release) (?P<bytes>\d+)")
PAIR = re.compile(r"(\w+)\s*=\s*([^\s,]+)")


def main(path):
    balance = collections.Counter()
    events = collections.Counter()
    may_use = collections.Counter()
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            head = HEAD.match(line)
            if not head:
                continue
            events[head["event"]] += 1
            if head["event"] == "btrfs_space_reservation":
                text = RESERVATION.match(head["text"])
                if text:
                    sign = 1 if text["what"] == "reserve" else -1
                    balance[text["fsid"], text["pool"], text["val"]] += sign * int(text["bytes"])
            else:
                fields = dict(PAIR.findall(head["text"]))
                if head["event"] == "update_bytes_may_use":
                    may_use[fields.get("type")] += int(fields.get("diff", 0))
    print(sum(events.values()), "events,", len(balance), "balances,", dict(may_use))


main(sys.argv[1])
