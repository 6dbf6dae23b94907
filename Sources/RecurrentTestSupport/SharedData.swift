internal import Foundation

/// Data sets too large to bundle, in the folder that `RECURRENT_DATA` names in the environment; without it there are none.
package enum SharedData {
  private static let folder = ProcessInfo.processInfo.environment["RECURRENT_DATA"].map {
    URL(fileURLWithPath: $0)
  }

  /// Of a file or folder in it; "" where there is no folder.
  package static func path(_ name: String) -> String { folder?.appendingPathComponent(name).path ?? "" }

  package static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}
