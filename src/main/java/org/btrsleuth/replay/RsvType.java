package org.btrsleuth.replay;

/** Reservation types of btrfs_space_reservation, by the strings that the kernel's call sites pass. */
enum RsvType {
  SPACE_INFO("space_info"),
  ENOSPC("space_info:enospc"),
  PINNED("pinned"),
  ZONE_UNUSABLE("zone_unusable"),
  DELALLOC("delalloc"),
  DELAYED_INODE("delayed_inode"),
  DELAYED_ITEM("delayed_item"),
  TRANSACTION("transaction"),
  LOCAL_DELAYED_REFS("local_delayed_refs_rsv"),
  DELAYED_REFS("delayed_refs_rsv"),
  ORPHAN("orphan"),
  INO_CACHE("ino_cache"),
  OTHER("");

  private static final RsvType[] ALL = values();

  private final String text;

  RsvType(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  static RsvType of(String text) {
    for (RsvType type : ALL) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    return OTHER;
  }
}
