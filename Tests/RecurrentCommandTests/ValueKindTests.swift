import RecurrentCommand
import Testing

/// What each kind of value accepts, seen through an option of that kind.
@Suite struct ValueKindTests {
  private func read<Value>(_ kind: ValueKind<Value>, _ text: String) throws(CommandError) -> Value {
    let option = Option<Value>.required("value", kind, help: "")
    let definition = VerbDefinition(
      name: "read", summary: "", options: [OptionGroup("All", option)], examples: [])
    return try ArgumentParser(definition).parse(["--value=\(text)"])[option]
  }

  private func message<Value>(_ kind: ValueKind<Value>, _ text: String) throws -> String {
    try #require(throws: CommandError.self) { try read(kind, text) }.message
  }

  @Test func wholeNumbers() throws {
    #expect(try read(.integer(in: 1...3), "3") == 3)
    #expect(try read(.integer(), "-9223372036854775808") == .min)
    #expect(try read(.seed, "18446744073709551615") == .max)
    for text in ["", "0", "4", "1.0", "1e0", " 1", "x", "9223372036854775808"] {
      #expect(try message(.integer(in: 1...3), text).contains("a whole number from 1 to 3"))
    }
    #expect(try message(.seed, "-1").contains("from 0 to 18446744073709551615"))
  }

  @Test func decimalNumbers() throws {
    #expect(try read(.number, "-2.5e-3") == -0.0025)
    #expect(try read(.number(in: 0..<1), "0") == 0)
    #expect(try message(.number(in: 0..<1), "1").contains("from 0 to below 1"))
    #expect(try message(.number(in: 0...0.5), "0.51").contains("from 0 to 0.5"))
    #expect(try message(.number(above: 0), "0").contains("above 0"))
    // Words, hexadecimal, overflow and the comma of other locales.
    for text in ["", "nan", "inf", "infinity", "0x1p3", "1e999", "0,5", "1 "] {
      #expect(try message(.number, text).contains("found '\(text)', expected a finite number"))
    }
  }

  @Test func lists() throws {
    #expect(try read(.list(of: .text()), "a,b c") == ["a", "b c"])
    #expect(try read(.list(of: .text()), #"wind\, gusts,C:\data"#) == ["wind, gusts", #"C:\data"#])
    #expect(try read(.list(of: .number(in: 0...)), "0,0") == [0, 0])
    #expect(try message(.list(of: .text(), distinct: true), "a,b,a").contains("'a' in 'a,b,a'"))
    #expect(try message(.list(of: .choice(of: ["gru", "lstm"])), "gru,ltsm").contains("did you mean 'lstm'"))
  }

  @Test func horizons() throws {
    func read(_ text: String) throws(CommandError) -> [Int] { try self.read(.horizons, text) }
    #expect(try read("1,2,4,8") == [1, 2, 4, 8])
    #expect(try read("1-24") == Array(1...24))
    #expect(try read("48,1-3,12-12") == [48, 1, 2, 3, 12])
    for text in ["", "0", "0-3", "-3", "1-", "1-2-3", "1,,2", "1-1048577", "1-1001", "a-b", "1 - 3"] {
      #expect(try message(.horizons, text).contains("expected whole numbers from 1 to 1048576, or ranges"))
    }
    #expect(try message(.horizons, "24-1").contains("did you mean '1-24'?"))
    #expect(try message(.horizons, "4,1-6").contains("'1-6' in '4,1-6'"))
    #expect(try message(.horizons, "4,1-6").contains("4 stands there twice"))
  }

  @Test func paths() throws {
    #expect(try read(.path(), "a/b") == "a/b")
    #expect(try read(.output, "-") == .standardOutput)
    #expect(try read(.input, "x") == .file("x"))
    #expect(try message(.path(), "-").contains("standard stream is not accepted"))
    #expect(try message(.path(), "").contains("expected a path"))
  }

  @Test func kindsOfOnesOwn() throws {
    let even = ValueKind.integer().map {
      $0 % 2 == 0 ? $0 / 2 : nil
    } back: {
      $0 * 2
    }
    #expect(try read(even, "6") == 3)
    #expect(try message(even, "7").contains("a whole number"))
    let named = ValueKind.oneOf([("all", 0), ("none", -1)]) { $0 == 0 ? "all" : "none" }
    #expect(try read(named, "none") == -1)
    #expect(try message(named, "al").contains("did you mean 'all'"))
  }
}
