/// Which clock the times of a table are of. One series has one: hours of the day would move where another is read as it.
public enum TimeClock: String, Codable, Sendable {
  /// Written without an offset: the clock on somebody's wall.
  case local
  /// Written with an offset, or counted from 1970: Coordinated Universal Time.
  case universal

  /// What such times look like.
  var form: String {
    switch self {
    case .local: "times without an offset from UTC"
    case .universal: "times in UTC: with an offset, or seconds or milliseconds since 1970"
    }
  }
}
