public import Pipeline

/// Records that text tools are known to fall over.
public enum NaughtyText {
  public static let records: [String] = [
    "", " ", "\0", "a\0b", "\t\r\n", "\r", "\r\n", "\n\r", "\u{85}\u{2028}\u{2029}", "\u{FEFF}x",
    "abc", "Hello, World! It's 3.14 o'clock; e.g. a_b __ _ x:y 1,000.5", "  two  spaces  ",
    "Nguyễn", "Nguye\u{302}\u{303}n", "O’Connor", "e\u{301}", "\u{301}e", "\u{301}", "Å Å A\u{30A}",
    "a\u{327}\u{301}\u{316}", "a\u{301}\u{316}\u{327}", "\u{F73}\u{F71}\u{F75}\u{F81}",
    "ﬁ ﬀ ﬃ ſ ß ẞ K ℡ ½ ① ㎏", "ΟΔΥΣΣΕΥΣ ΣΑΣ Σ", "İstanbul IĞDIR ı i̇", "ŸĲŉǰΐ ևﬗ", "Ǆǅǆ",
    "각 각 각", "\u{1100}\u{1161}\u{11A8}\u{11A9}", "カ\u{3099}ｶﾞ は\u{309A}", "\u{FDFA}\u{FDFA}",
    "こんにちは世界。東京都に行きました。", "สวัสดีชาวโลก", "ພາສາລາວ", "မြန်မာ", "नमस्ते क्षत्रिय",
    "مرحبا بالعالم لاإله", "שָׁלוֹם עולם", "👨‍👩‍👧‍👦 🇩🇪🇫🇷🇺 👍🏽 ❤️", "\u{200D}\u{200C}\u{AD}a\u{AD}b",
    "\u{E0001}\u{E0020}\u{FE0F}", "\u{202E}olleh\u{202C}", "\u{10FFFF}\u{FFFD}\u{FFFF}",
    "\u{1D15E}\u{1D15F} 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 Ｆｕｌｌ", "Zalgo H\u{331}\u{334}\u{302}e\u{353}\u{30D}c\u{321}",
    "\u{A0}nbsp\u{A0}\u{2003}em\u{3000}wide\u{3000}", "Dr. Smith went. Then? Yes!", "<unk> <end>",
    "'; DROP TABLE names;--", "$(touch x) `id` %s%n {{7*7}}", "𐍈𐐀𐐨 𑄮 𑄯", "\u{344}\u{345}\u{390}",
    "a\u{302}\u{1DCE}\u{1DFE}\u{20E3}", "\u{915}\u{93C}\u{94D}\u{200D}", "ÅSTRÖM ÆØÅ", "Łódź Đặng",
  ]

  public static var chunk: TextChunk { TextChunk(records) }
}
