/** The GUP protocol for Spin, at Spin's own granularity: every Promela statement is a step. */
export function gupPromela(pages: number, rounds: number): string {
  return `#define PAGES ${pages}
#define ROUNDS ${rounds}
byte pte[PAGES]; byte ref[PAGES]; byte pins[PAGES]; bool ptl;
inline lock() { atomic { !ptl -> ptl = 1 } }
inline unlock() { ptl = 0 }
proctype Gup() {
  byte i, v, n;
  do
  :: n < ROUNDS -> i = 0;
     do
     :: i < PAGES -> v = pte[i];
        if
        :: v == 0 -> skip
        :: else ->
           atomic { if :: ref[i] > 0 -> ref[i]++ :: else -> v = 0 fi };
           if
           :: v != 0 ->
              if
              :: pte[i] != v -> ref[i]--
              :: else -> pins[i]++; assert(ref[i] > 1); pins[i]--; ref[i]--
              fi
           :: else -> skip
           fi
        fi;
        i++
     :: else -> break
     od;
     n++
  :: else -> break
  od
}
proctype Zap() {
  byte i, n, v;
  do
  :: n < ROUNDS -> i = 0;
     do
     :: i < PAGES -> lock(); v = pte[i]; pte[i] = 0; unlock();
        if :: v != 0 -> ref[i]-- :: else fi;
        i++
     :: else -> break
     od;
     n++
  :: else -> break
  od
}
proctype Fault() {
  byte i, n;
  do
  :: n < ROUNDS -> i = 0;
     do
     :: i < PAGES -> lock();
        if :: pte[i] == 0 -> ref[i]++; pte[i] = 1 :: else fi;
        unlock(); i++
     :: else -> break
     od;
     n++
  :: else -> break
  od
}
init {
  byte i;
  for (i : 0 .. PAGES - 1) { ref[i] = 1 };
  atomic { run Gup(); run Gup(); run Zap(); run Fault() }
}
`;
}
