// Faults whose remedy depends on what a column is for: the target, or an input that a model was trained on.

extension DataError {
  /// The same error, where its column is the one that is forecast: it can be neither left out nor read as categories.
  package func about(target: String) -> DataError {
    guard case .column(let fault, let place) = self else { return self }
    switch fault {
    case .textAmongNumbers(let text, target, let numbers, let cells):
      return .column(.textInTarget(text: text, column: target, numbers: numbers, cells: cells), at: place)
    case .allMissing(target): return .column(.targetWithoutValues(column: target), at: place)
    default: return self
    }
  }

  /// Runs `body`; errors about the target say what can be done with it.
  package static func about<Result>(
    target: String, _ body: () throws(DataError) -> Result
  ) throws(DataError) -> Result {
    do {
      return try body()
    } catch {
      throw error.about(target: target)
    }
  }

  /// The same error, where the file is one that a model is used on: it is the model that asks for a column.
  package var aboutLaterFile: DataError {
    guard case .column(.unknown(let name, let nearest, let available), let place) = self else { return self }
    return .column(.notInLaterFile(name: name, nearest: nearest, available: available), at: place)
  }
}

extension ColumnFault {
  static let offerOfHeader = ", or add --header yes if the first line has the names"

  /// Whether they are the names of a table without a header.
  static func areNumbered(_ names: [String]) -> Bool {
    names.enumerated().allSatisfy { $1 == "column\($0 + 1)" }
  }

  static func notInLaterFile(_ name: String, _ nearest: String?, _ available: [String]) -> Explanation {
    let remedy =
      if let nearest {
        "did you mean \(quoted(nearest))? rename it, or give a file that has \(quoted(name))"
      } else if areNumbered(available) {
        "the first line was not taken as names; begin the file with the names that the training file has"
      } else {
        "give a file that has it, or rename its column"
      }
    return Explanation(
      finding: "there is no column \(quoted(name)), which the model was trained on",
      expectation: "it among \(listedBriefly(available))", remedy: remedy)
  }

  static func textInTarget(_ text: String, _ column: String, _ numbers: Int, _ cells: Int) -> Explanation {
    Explanation(
      finding: "\(quoted(text)) in the target \(quoted(column))",
      expectation: "a number, as in \(grouped(numbers)) of its \(counted(cells, "value"))",
      remedy: "mend it, or add --missing \(quoted(text)) if it means missing",
      plainRemedy: "mend it, or leave the cell empty if it means missing")
  }

  static func targetWithoutValues(_ column: String) -> Explanation {
    Explanation(
      finding: "the target \(quoted(column)) has no value in the rows that need one",
      expectation: "at least one value", remedy: "choose another --target, or give a file with values of it",
      plainRemedy: "give a file with values of it")
  }

  static func textAboveNumbers(_ text: String, _ column: String) -> Explanation {
    Explanation(
      finding:
        "\(quoted(text)) above the numbers of \(quoted(column)), in a first line that is read as a row",
      expectation: "a number, as in all lines below",
      remedy: "add --header yes if the line has the names of the columns; otherwise mend it",
      plainRemedy: "mend it, or leave the cell empty if it means missing")
  }

  static func markedNumber(_ text: String, _ column: String) -> Explanation {
    Explanation(
      finding: "\(quoted(text)) in column \(quoted(column))",
      expectation: "a number that is digits and a decimal mark alone",
      remedy: "write the numbers of the column without thousands marks and units")
  }
}
