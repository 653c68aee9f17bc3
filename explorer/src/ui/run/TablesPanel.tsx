import type { Shown } from '../../session/shown.ts';
import type { TableNode, TableTree } from '../../state/pageTables.ts';

/** Flags by which the entries of the two schemes can be told apart. */
const TELLING: readonly string[] = ['devmap', 'special'];

/** The page tables of every process, down to the entries with their bits. */
export function TablesPanel({ now, before }: { readonly now: Shown; readonly before: Shown }) {
  return (
    <section class="panel" aria-label="page tables">
      <h3>Page tables</h3>
      <div class="schemes">
        {(['devmap', 'refcount'] as const).map((scheme) => (
          <div class={`${scheme} tree`} key={scheme}>
            {now[scheme].trees.map((tree) => (
              <Tree key={tree.process} tree={tree} earlier={textsOf(before[scheme].trees)} />
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

function Tree({
  tree,
  earlier,
}: {
  readonly tree: TableTree;
  readonly earlier: ReadonlyMap<string, string>;
}) {
  return (
    <>
      <h4>{tree.process}</h4>
      {tree.roots.length === 0 ? (
        <p class="quiet">nothing is mapped</p>
      ) : (
        <Nodes nodes={tree.roots} earlier={earlier} />
      )}
    </>
  );
}

function Nodes({
  nodes,
  earlier,
}: {
  readonly nodes: readonly TableNode[];
  readonly earlier: ReadonlyMap<string, string>;
}) {
  return (
    <ul>
      {nodes.map((node) => {
        const isChanged = earlier.get(node.key) !== textOf(node);
        return (
          <li key={node.key}>
            <div class={`node${node.isLeaf ? '' : ' inner'}${isChanged ? ' changed' : ''}`}>
              {isChanged && <span class="unseen">changed: </span>}
              {node.title} {node.isLeaf ? `${node.address} → ${node.target}` : `→ ${node.target}`}
              {node.isLeaf && <Flags flags={node.flags} />}
            </div>
            {node.children.length > 0 && <Nodes nodes={node.children} earlier={earlier} />}
          </li>
        );
      })}
    </ul>
  );
}

function Flags({ flags }: { readonly flags: readonly string[] }) {
  return (
    <span class="flags">
      {flags.map((flag) => (
        <span key={flag} class={`flag${TELLING.includes(flag) ? ' telling' : ''}`}>
          {flag}
        </span>
      ))}
    </span>
  );
}

function textOf({ target, flags }: TableNode): string {
  return `${target} ${flags.join(' ')}`;
}

function textsOf(trees: readonly TableTree[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const add = (node: TableNode): void => {
    texts.set(node.key, textOf(node));
    node.children.forEach(add);
  };
  for (const { roots } of trees) roots.forEach(add);
  return texts;
}
