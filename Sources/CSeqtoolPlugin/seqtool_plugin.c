// A target needs a source file; this one shows that the header stands alone.
#include "seqtool_plugin.h"
