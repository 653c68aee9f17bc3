import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { format, parse } from '../../../src/litmus/index.ts';
import { arbitraryTest } from '../support/arbitraryTest.ts';
import { EVERYTHING, EXAMPLE } from '../support/contractExample.ts';
import { withoutPlaces } from '../support/inspect.ts';

function formatted(source: string): string {
  const result = format(source);
  if ('errors' in result) {
    throw new Error(JSON.stringify(result.errors));
  }
  return result.text;
}

describe('the formatter', () => {
  it('leaves the example as it is', () => {
    expect(formatted(EXAMPLE)).toBe(EXAMPLE);
  });

  it('writes a test that uses every construct like this', () => {
    expect(formatted(EVERYTHING)).toMatchInlineSnapshot(`
      "# comment at the top
      DAX all-of-it
      "a sentence with \\"quotes\\" and \\\\"

      device d = devdax(size=4M, align=2M) # trailing
      device e = fsdax(size=4M, fs=xfs)

      process P {
        # a group
        m = mmap(d, offset=0, length=8K, prot=rw, populate, at=0x7f0000000000)
        r = load(m, 4K + 1)

        repeat 3 { store(m, 0, (r + 1) % 256) }
        fork C { x = load(m, 0)
                 assert[devmap] x == 0 || x < 0 }
        thread A { p = pin(m, 0, 4K, write, longterm)
                   barrier(B) }
        thread T {
          barrier(B)
          assert m.pte[0].present == 1 && !m.pte[r].dirty # here
        }
        f = open(e, "name", create, size=64K)
        assert f[0].present == false || f[0].refcount == idle
      }

      process Q {
        poke(P, m, 0, 1)
        exit(SIGKILL)
      }

      always d[0].refcount >= -1 && d.bound <= true
      finally[refcount] d[1023].refcount == idle
      exists P.p == EFAULT
      never  C.x != 0 && d.pgmap.ref * 2 / 1 - 1 > d.size
      hazard[refcount] memmap-after-teardown "unbind does not wait for pins"
      "
    `);
  });

  it('keeps comments where they belong', () => {
    const source = `# above
DAX x # behind DAX
"s" # behind the sentence
device d = devdax(size=4M, # inside
  align=4K) # behind d
# about P
process P # head
{ # open
    # first


  m=mmap(d,0,8K,rw) # behind m
  thread T { a() # keeps the block long
  }
  thread U {
    # only a comment
  }
  # last

} # end of P
exists 1
# the end`;
    expect(formatted(source)).toBe(`# above
DAX x # behind DAX
"s" # behind the sentence

# inside
device d = devdax(size=4M, align=4K) # behind d

# about P
# head
process P { # open
  # first

  m = mmap(d, 0, 8K, rw) # behind m
  thread T {
    a() # keeps the block long
  }
  thread U {
    # only a comment
  }
  # last
} # end of P

exists 1
# the end
`);
  });

  it('puts short blocks beside their brace and long ones below it', () => {
    const source = `DAX x process P {
      thread A { a() b() c() d() } thread B { a() b() c() d() e() } thread C { } fork D { thread E { a() } }
      repeat 3 { assert[devmap] 1 }
      thread F { ${'a'.repeat(60)}(${'b'.repeat(30)}) }
    }`;
    expect(formatted(source)).toBe(`DAX x

process P {
  thread A { a()
             b()
             c()
             d() }
  thread B {
    a()
    b()
    c()
    d()
    e()
  }
  thread C {}
  fork D {
    thread E { a() }
  }
  repeat 3 { assert[devmap] 1 }
  thread F {
    ${'a'.repeat(60)}(${'b'.repeat(30)})
  }
}
`);
  });

  it('lines the expressions of neighbours up, when all or none name a scheme', () => {
    const source =
      'DAX x finally 1 exists 2\nalways[devmap] 3\nnever 4\n\nfinally 5\nexists[refcount] 6 exists[devmap] 7';
    expect(formatted(source)).toBe(`DAX x

finally 1
exists  2
always[devmap] 3
never 4

finally 5
exists[refcount] 6
exists[devmap]   7
`);
  });

  it('breaks lines beyond 100 columns between arguments and before && and ||', () => {
    const long = 'd[0].refcount == idle && '.repeat(5);
    const source = `DAX x finally ${long}(1 || 2) process P { ${'f'.repeat(60)}(offset=4096, length=4096, prot=rw, sharing=private) }`;
    expect(formatted(source)).toBe(`DAX x

finally d[0].refcount == idle && d[0].refcount == idle && d[0].refcount == idle
        && d[0].refcount == idle && d[0].refcount == idle && (1 || 2)

process P {
  ${'f'.repeat(60)}(offset=4096, length=4096, prot=rw,
${' '.repeat(63)}sharing=private)
}
`);
  });

  it('ends lines as Unix does and drops the byte order mark', () => {
    expect(formatted('\uFEFFDAX x\r\n\r\n\r\nexists 1\r\n')).toBe('DAX x\n\nexists 1\n');
  });

  it('leaves a test with errors alone', () => {
    const result = format('DAX x exists (');
    expect(result).toMatchObject({ errors: [{ severity: 'error', span: { line: 1, column: 15 } }] });
  });

  it('changes nothing the second time, no meaning and no comment, whatever the test', () => {
    fc.assert(
      fc.property(arbitraryTest, (source) => {
        const before = parse(source);
        expect(before.errors).toEqual([]);
        const once = formatted(source);
        const after = parse(once);
        expect(withoutPlaces(after.file)).toEqual(withoutPlaces(before.file));
        expect(after.file.comments.map((comment) => comment.text)).toEqual(
          before.file.comments.map((comment) => comment.text),
        );
        expect(formatted(once)).toBe(once);
        expect(once).not.toMatch(/[ \t\r]\n|\n\n\n|\n\n$|^\n/);
      }),
      { numRuns: 500 },
    );
  });
});
