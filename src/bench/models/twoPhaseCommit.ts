import { type Model, NOT_ENABLED, type Property, STEPPED, type State } from '../../check/model.ts';

/*
 * Two-phase commit after Gray and Lamport, "Consensus on Transaction Commit": a transaction manager and
 * resource managers that only ever add messages to a set.
 *
 * Word 0: the transaction manager's state, which is also whether it sent a commit or an abort (2 bits), then
 * the state of each resource manager (2 bits each). Word 1: two bits each, vote received and vote sent.
 */
const WORKING = 0;
const PREPARED = 1;
const COMMITTED = 2;
const ABORTED = 3;
const RESOURCE_STATES: readonly string[] = ['working', 'prepared', 'committed', 'aborted'];

/** The transaction manager before it has decided; after that it is COMMITTED or ABORTED. */
const UNDECIDED = 0;

const RECEIVED = 1;
const SENT = 2;

/** Actions of one resource manager, in order; those of the transaction manager come before all of them. */
const ACTION_NAMES: readonly string[] = ['prepares', 'gives up', 'commits', 'aborts', 'is heard'];
const MANAGER_ACTIONS = 2;
const ACTIONS_EACH: number = ACTION_NAMES.length;

const stateAt = (resource: number): number => 2 + 2 * resource;
const votesAt = (resource: number): number => 2 * resource;
const withState = (states: number, resource: number, own: number): number =>
  (states & ~(3 << stateAt(resource))) | (own << stateAt(resource));

/**
 * How the state that stands for its permutations is chosen. `exact`: resource managers sorted by all that is
 * known of them, one state an orbit. `byState`: sorted by their own state alone, ties left in place, as
 * Stateright's example does; several states of an orbit remain.
 */
export type ResourceOrder = 'exact' | 'byState';

export class TwoPhaseCommitModel implements Model {
  readonly width = 2;
  readonly actions: number;
  readonly properties: readonly Property[];
  private readonly managers: number;
  private readonly order: ResourceOrder;

  /** `managers`: resource managers, 1 to 15. */
  constructor(managers: number, order: ResourceOrder = 'exact') {
    this.managers = managers;
    this.order = order;
    this.actions = MANAGER_ACTIONS + managers * ACTIONS_EACH;
    this.properties = [
      { name: 'all can abort', kind: 'sometimes', holds: (state) => this.count(state, ABORTED) === managers },
      {
        name: 'all can commit',
        kind: 'sometimes',
        holds: (state) => this.count(state, COMMITTED) === managers,
      },
      {
        name: 'consistent',
        kind: 'always',
        holds: (state) => this.count(state, ABORTED) === 0 || this.count(state, COMMITTED) === 0,
      },
    ];
  }

  initialStates(): readonly State[] {
    return [Int32Array.of(UNDECIDED, 0)];
  }

  step(from: State, action: number, to: State): number {
    const states = from[0] as number;
    const votes = from[1] as number;
    to[0] = states;
    to[1] = votes;
    if (action < MANAGER_ACTIONS) {
      if ((states & 3) !== UNDECIDED) return NOT_ENABLED;
      if (action === 0 && !this.allVotesReceived(votes)) return NOT_ENABLED;
      to[0] = states | (action === 0 ? COMMITTED : ABORTED);
      return STEPPED;
    }
    const resource = Math.floor((action - MANAGER_ACTIONS) / ACTIONS_EACH);
    const own = (states >>> stateAt(resource)) & 3;
    switch ((action - MANAGER_ACTIONS) % ACTIONS_EACH) {
      case 0:
        if (own !== WORKING) return NOT_ENABLED;
        to[0] = withState(states, resource, PREPARED);
        to[1] = votes | (SENT << votesAt(resource));
        return STEPPED;
      case 1:
        if (own !== WORKING) return NOT_ENABLED;
        to[0] = withState(states, resource, ABORTED);
        return STEPPED;
      case 2:
        if ((states & 3) !== COMMITTED) return NOT_ENABLED;
        to[0] = withState(states, resource, COMMITTED);
        return STEPPED;
      case 3:
        if ((states & 3) !== ABORTED) return NOT_ENABLED;
        to[0] = withState(states, resource, ABORTED);
        return STEPPED;
      default:
        if ((states & 3) !== UNDECIDED || (votes & (SENT << votesAt(resource))) === 0) return NOT_ENABLED;
        to[1] = votes | (RECEIVED << votesAt(resource));
        return STEPPED;
    }
  }

  isEnd(state: State): boolean {
    return this.count(state, COMMITTED) === this.managers || this.count(state, ABORTED) === this.managers;
  }

  describeState(state: State): string {
    const names = Array.from(
      { length: this.managers },
      (_, resource) => RESOURCE_STATES[((state[0] as number) >>> stateAt(resource)) & 3],
    );
    return names.join(' ');
  }

  describeAction(_from: State, action: number): string {
    if (action < MANAGER_ACTIONS) return `the manager ${action === 0 ? 'commits' : 'aborts'}`;
    const resource = Math.floor((action - MANAGER_ACTIONS) / ACTIONS_EACH);
    return `resource ${resource} ${ACTION_NAMES[(action - MANAGER_ACTIONS) % ACTIONS_EACH]}`;
  }

  describeFailure(failure: number): string {
    return `failure ${failure}`;
  }

  representative(state: State): void {
    const states = state[0] as number;
    const votes = state[1] as number;
    const resources = Array.from({ length: this.managers }, (_, resource) => {
      const own = (states >>> stateAt(resource)) & 3;
      return { own, votes: (votes >>> votesAt(resource)) & 3 };
    });
    resources.sort(
      (left, right) => left.own - right.own || (this.order === 'exact' ? left.votes - right.votes : 0),
    );
    state[0] = resources.reduce((word, { own }, resource) => word | (own << stateAt(resource)), states & 3);
    state[1] = resources.reduce((word, resource, index) => word | (resource.votes << votesAt(index)), 0);
  }

  private allVotesReceived(votes: number): boolean {
    for (let resource = 0; resource < this.managers; resource++) {
      if ((votes & (RECEIVED << votesAt(resource))) === 0) return false;
    }
    return true;
  }

  private count(state: State, wanted: number): number {
    let found = 0;
    for (let resource = 0; resource < this.managers; resource++) {
      if ((((state[0] as number) >>> stateAt(resource)) & 3) === wanted) found++;
    }
    return found;
  }
}
