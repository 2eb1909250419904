import Glibc

/// Where the lines of a plugin's stderr go.
package struct PluginDiagnostics: Sendable {
  /// Takes one line, with the plugin's name before it and without a line feed.
  package let write: @Sendable (String) -> Void

  package init(write: @escaping @Sendable (String) -> Void) { self.write = write }

  /// This process's stderr, which the plugin would have had without us.
  package static let standardError = PluginDiagnostics { line in
    let bytes = Array(line.utf8) + [0x0A]
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}

/// Passes on what a plugin writes to stderr: whole lines, escaped, under its name, and not without
/// end.
struct DiagnosticsRelay {
  /// How much is passed on, and how much is read before the plugin counts as broken.
  static let passedOn = 64 << 10
  static let limit = 16 << 20
  private static let lineLimit = 1000

  private let name: String
  private let diagnostics: PluginDiagnostics
  private var line: [UInt8] = []
  private var total = 0
  /// The last line that is not empty: often the reason of what happens next.
  private(set) var lastLine = ""

  init(name: String, _ diagnostics: PluginDiagnostics) {
    self.name = name
    self.diagnostics = diagnostics
  }

  var isFlooded: Bool { total > Self.limit }

  mutating func take(_ block: UnsafeBufferPointer<UInt8>) {
    let wasPassedOn = total
    total += block.count
    guard wasPassedOn < Self.passedOn else { return }
    for byte in block.prefix(Self.passedOn - wasPassedOn) {
      if byte == 0x0A || line.count == Self.lineLimit { flush() }
      if byte != 0x0A { line.append(byte) }
    }
    if total >= Self.passedOn {
      flush()
      diagnostics.write("\(Escaping.printable(name)): (what it says further is left out)")
    }
  }

  /// Passes on a last line without its line feed.
  mutating func flush() {
    guard !line.isEmpty else { return }
    let text = Escaping.printable(line, limit: Self.lineLimit)
    lastLine = Escaping.printable(line)
    line = []
    diagnostics.write("\(Escaping.printable(name)): \(text)")
  }
}
