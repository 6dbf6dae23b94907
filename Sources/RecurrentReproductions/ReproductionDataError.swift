/// Data that are not those of the experiment: where, what was found, what was expected, what to do, in one line.
package struct ReproductionDataError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
