#!/usr/bin/awk -f
# `Doe, Jane` becomes `Jane Doe`; other records stay as they are.
{
  comma = index($0, ",")
  if (comma == 0) { print; next }
  family = substr($0, 1, comma - 1)
  given = substr($0, comma + 1)
  gsub(/^ +| +$/, "", family)
  gsub(/^ +| +$/, "", given)
  print given " " family
}
