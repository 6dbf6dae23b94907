/// A number as a message shows it: not-a-number is `NaN`, where the standard library would also print its sign, which says
/// nothing.
package func plainNumber(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> String {
  value.isNaN ? "NaN" : value.description
}
