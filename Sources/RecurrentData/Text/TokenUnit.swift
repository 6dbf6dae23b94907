/// What a text is cut into.
public enum TokenUnit: String, Sendable, Hashable, CaseIterable, Codable {
  /// Every Unicode scalar is a token, white space and line ends too. The unit for scripts without spaces.
  case characters
  /// Cut at white space, which is left out.
  case words
  /// Every byte of the text's UTF-8 is a token, written as the scalar of that number, U+0000 to U+00FF.
  case bytes
}

/// What is made of a text before it is cut.
public enum TextFolding: String, Sendable, Hashable, CaseIterable, Codable {
  /// Nothing.
  case none
  /// Unicode's lower case, scalar by scalar, whatever the locale.
  case lowercase
  /// Line by line: a run of anything but `A`–`Z` and `a`–`z` becomes one space, none at either end of the line, and letters
  /// become small. Line ends are left out, so that characters of one line follow those of the line before; words end with
  /// their line.
  case letters
}
