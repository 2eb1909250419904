import CICU

/// The versions of ICU and of Unicode that this process normalises and cuts text by. A model file
/// keeps them: another version may give other tokens.
public enum UnicodeInfo {
  /// ICU's version, for example "72.1".
  public static var icuVersion: String { versions.icu }
  /// The version of ICU's Unicode data, for example "15.0".
  public static var unicodeVersion: String { versions.unicode }

  private static var versions: (icu: String, unicode: String) {
    var icu = [CChar](repeating: 0, count: 16)
    var unicode = icu
    cicu_version(&icu, &unicode)
    return (text(icu), text(unicode))
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
