internal import Foundation
internal import RecurrentCore
internal import RecurrentTasks

/// What is timed.
enum BenchSubject {
  case named(BenchCase)
  /// A trained model with the folder's path as it was typed.
  case forecaster(path: String, ForecastModel)

  static var caseNames: [String] { BenchCase.all.map(\.name) }

  /// A case's name, or else the folder of a model: `./T1` is a folder whatever its name.
  init(_ name: String) throws(CommandError) {
    if let found = BenchCase(named: name) {
      self = .named(found)
      return
    }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: name, isDirectory: &isFolder)
    if exists && !isFolder.boolValue {
      throw CommandError(
        "\(name): is a file, expected a named case or a folder that 'recurrent train forecast -o' made",
        exitCode: .data)
    }
    guard exists else { throw Self.unknown(name) }
    if let kind = RunKind(schema: RunFolder(name).schema), kind != .forecaster {
      throw CommandError(
        "\(name): is the folder of \(kind.name), expected a forecaster's, which is all that bench times besides the named cases; name one that 'recurrent train forecast -o' made, or a case",
        exitCode: .data)
    }
    self = .forecaster(path: name, try commandErrors { try ForecastDirectory(name).read() })
  }

  private static func unknown(_ name: String) -> CommandError {
    let advice = nearestName(to: name, among: caseNames).map { "; did you mean '\($0)'?" } ?? ""
    return .usage(
      "'\(name)' is neither a named case nor a folder, expected one of \(caseNames.joined(separator: ", ")) or a model's folder"
        + advice)
  }

  var name: String {
    switch self {
    case .named(let found): found.name
    case .forecaster(let path, _): path
    }
  }
}
