#pragma once

#include <sys/types.h>

/// Adds the group of a program that was started to those that end with this process.
void cprocess_remember(pid_t group);
