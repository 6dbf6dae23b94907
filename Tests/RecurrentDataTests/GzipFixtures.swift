import Foundation

/// Small gzip files made by zlib 1.2 (through Python's `zlib.compressobj`, raw deflate at level 9 with the named strategy)
/// and framed by hand; each but `longRun` holds `contents`.
enum GzipFixtures {
  /// `time,a` and 31 rows: day d of January 2020, (37 d mod 101) / 4.
  static let contents: [UInt8] = {
    var text = "time,a\n"
    for day in 1...31 { text += "2020-01-\(day < 10 ? "0" : "")\(day),\(Double(day * 37 % 101) / 4)\n" }
    return Array(text.utf8)
  }()

  /// One block with codes of its own.
  static let dynamic = decoded(
    """
    H4sIAAAAAAAA/1WROw4DIRQD+z2Lg57N/zgptkiRLvdXoFoj0QyFmRG/z/fG+1IoXsF1MJPqwwJHMs6QYwGZul1UiCkebqiOHSzH
    /oCyD050QwbYfJ9EHLz8wh5gBo8AFuSDK+gFbFvYF/sydh6gJ3BCR4IC42CC3qCl6Ji3sT2gAnmCKopjA48CdcgLNNAc5/a1/RyQ
    B+T9xXH9AQvbUeH5AQAA
    """)

  /// One block with the format's fixed codes.
  static let fixed = decoded(
    """
    H4sIAAAAAAAA/yvJzE3VSeQyMjAy0DUwBCIdSz0jUwTfSMfQQg+Jb6xjhMw10TE01DNHEjDVMTLUM0DwzXRMkbnmOoYmKOZb6BgZ
    IxtoqWOOxDU00DE0Qzbf0FDHAIUPdJ8BkgWGxjqGKB4wNNExRuGb6hgi+8DQDORgZBPNgS5G5lvoGCJ7wdBSxwjFC0YGOhYofEMd
    Q2Q/GAGdiMw1BrkYyQIjEx0jZC8YmeqYIHPNdAxRfGBkrmOE7AMjCx0zZK4lyL1I5hsb6Bghe8AYFMUGXAAL21Hh+QEAAA==
    """)

  /// Codes of its own and no copies, so its code of distances has no word.
  static let literalsOnly = decoded(
    """
    H4sIAAAAAAAA/wXBsZHYUAxDwZy1EJwHSNSXyrnAgQNn7n9u9//ff3/6p0IQFu5vshWCsEj7na0QhMXVma0QhMXd9pytEITFdjxU
    CMLi6R0qBGFx2vdkKwRh8Xau2QpBWHx9ZisEYZn2M2crBGHZzZytEITltBkqBGH5an+TrRCE5buvyVYIwvK2M1shCMtPx3O2QhCW
    T++crRCE5be9Q4UgLH+de7IVgrBCv5OtEIQVt89shSCspD1bIQgrV5s5WyEIK3eHoUIQVrbvoUIQVp72NdkKQVg5ncxWCMLK289s
    hSCsfO2dsxWCsC46O1QIwrrc31C/C9tR4fkBAAA=
    """)

  /// All optional header fields: extra, name, comment and header checksum.
  static let headerFields = decoded(
    """
    H4sIHgAAAAAA/wMAYWJjbmFtZS5jc3YAbm90ZQC6bFWROw4DIRQD+z2Lg57N/zgptkiRLvdXoFoj0QyFmRG/z/fG+1IoXsF1MJPq
    wwJHMs6QYwGZul1UiCkebqiOHSzH/oCyD050QwbYfJ9EHLz8wh5gBo8AFuSDK+gFbFvYF/sydh6gJ3BCR4IC42CC3qCl6Ji3sT2g
    AnmCKopjA48CdcgLNNAc5/a1/RyQB+T9xXH9AQvbUeH5AQAA
    """)

  /// The letter a, 100,000 times: copies that overlap themselves, distance 1.
  static let longRun = decoded(
    """
    H4sIAAAAAAAA/+3BMQEAAADCoKzrX8IaHkABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAArwaH+uIboIYBAA==
    """)

  private static func decoded(_ base64: String) -> [UInt8] {
    [UInt8](Data(base64Encoded: base64, options: .ignoreUnknownCharacters)!)
  }
}
