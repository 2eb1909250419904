# Sentences with tagged names, one token a line with its tag, made up by a small grammar: context tells
# a person from a place of the same name, and spelling tells names that were never seen.
#
#   awk -v count=2000 -v seed=1 -f sentences.awk > train.conll

# A number from 0 to n - 1 (Park and Miller, 1988): the same in every awk.
function below(n) {
  state = state * 16807 % 2147483647
  return int(state / 2147483647 * n)
}

function pick(list,    parts) { return parts[1 + below(split(list, parts, "|"))] }

function stem() { return pick(heads) pick(middles) pick(tails) }

function place() { return stem() pick("||ville|berg|stad|ton") }

# Prints the words of a span; type "" is none.
function say(words, type,    parts, n, i) {
  n = split(words, parts, " ")
  for (i = 1; i <= n; i++)
    print parts[i] (type == "" ? " O" : (i == 1 ? " B-" : " I-") type)
}

function slot(kind) {
  if (kind == "<person>") say((below(2) ? pick(first) " " : "") stem(), "PER")
  else if (kind == "<place>") say(place(), "LOC")
  else if (kind == "<company>")
    say(below(3) ? stem() " " pick("Corp|Ltd|Bank|& Sons") : "University of " place(), "ORG")
  else if (kind == "<code>")
    say(pick("X|Q|K|Z") pick("R|T|V") "-" 100 + below(900), "MISC")
  else if (kind == "<number>") say(2 + below(97), "")
  else say(kind, "")
}

BEGIN {
  state = seed * 7919 % 2147483646 + 1
  heads = "Bar|Ken|Mor|Sal|Tev|Wil|Han|Lor|Dun|Fer|Gal|Pel|Rud|Vas|Ost|Nor"
  middles = "a|i|o|an|el|or|is|en"
  tails = "dor|man|ley|ra|nik|wick|den|sa|tov|mer"
  first = "Anna|Peter|Maria|John|Olga|Pierre|Yuki|Amir"
  n = split("<person> said that <company> will open a plant in <place> .#" \
    "Mr <person> of <company> was born in <place> .#" \
    "the train from <place> to <place> was late .#" \
    "<company> hired <person> last year .#" \
    "we saw <person> and <person> at the station .#" \
    "shares of <company> fell <number> percent on Monday .#" \
    "the new <code> costs <number> euros .#" \
    "it rained all day in <place> , <person> wrote .#" \
    "nobody in <place> knows why the <code> was sold to <company> .#" \
    "<person> left .", templates, "#")
  for (i = 0; i < count; i++) {
    words = split(templates[1 + below(n)], parts, " ")
    for (w = 1; w <= words; w++) slot(parts[w])
    print ""
  }
}
