# A series of numbers in order of time: a season of 12 rows, a trend, and noise that lasts a while.
#
#   awk -v count=600 -v seed=1 -f series.awk > series.csv

# A number between 0 and 1 (Park and Miller, 1988): the same in every awk.
function uniform() {
  state = state * 16807 % 2147483647
  return state / 2147483647
}

BEGIN {
  state = seed * 7919 % 2147483646 + 1
  pi = 3.14159265358979
  print "step,value"
  for (i = 1; i <= count; i++) {
    noise = 0.8 * noise + 2 * (uniform() + uniform() + uniform() - 1.5)
    season = 12 * sin(2 * pi * i / 12) + 5 * sin(4 * pi * i / 12 + 1)
    printf "%d,%.3f\n", i, 80 + 0.05 * i + season + noise
  }
}
