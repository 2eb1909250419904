// ICU headers are included by CICU/icu.cpp alone; this target only carries the pkg-config flags.
