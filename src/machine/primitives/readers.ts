import { cpu, cpuPair, grace_period } from '../cpus.ts';
import type { Field } from '../field.ts';
import type { Machine } from '../machine.ts';
import { blocking, type Op, primitive } from '../primitive.ts';

/*
 * Grace periods. "No reader at one moment" would be too strong: it hides executions in which a new reader is
 * inside whenever the waiter looks. So each waiter keeps the set of readers that were inside when it began.
 */
type Nesting = 'rcu_nesting' | 'srcu_nesting';
type Owes = 'rcu_owes' | 'srcu_owes';

function enter(machine: Machine, nesting: Nesting): void {
  const field = machine.memory.of(cpu)[nesting];
  field.set(machine.cpu, field.get(machine.cpu) + 1);
}

function leave(machine: Machine, nesting: Nesting, owes: Owes): void {
  const depth = machine.memory.of(cpu)[nesting];
  depth.set(machine.cpu, depth.get(machine.cpu) - 1);
  if (depth.get(machine.cpu) !== 0) return;
  const owed = machine.memory.of(grace_period)[owes];
  for (let waiter = 0; waiter < machine.cpus; waiter++) {
    const pair = cpuPair(waiter, machine.cpu);
    if (owed.get(pair) !== 0) owed.set(pair, 0);
  }
}

function begin(machine: Machine, nesting: Nesting, owes: Owes): void {
  const depth = machine.memory.of(cpu)[nesting];
  const owed = machine.memory.of(grace_period)[owes];
  for (let reader = 0; reader < machine.cpus; reader++) {
    if (reader !== machine.cpu && depth.get(reader) !== 0) owed.set(cpuPair(machine.cpu, reader), 1);
  }
}

function over(machine: Machine, owed: Field): boolean {
  for (let reader = 0; reader < machine.cpus; reader++) {
    if (owed.get(cpuPair(machine.cpu, reader)) !== 0) return false;
  }
  return true;
}

export const rcu_read_lock: () => Op = primitive((machine) => enter(machine, 'rcu_nesting'));

export const rcu_read_unlock: () => Op = primitive((machine) => leave(machine, 'rcu_nesting', 'rcu_owes'));

/** Starts an RCU grace period: notes who is inside a read-side section. `rcu_grace_period_wait` ends it. */
export const rcu_grace_period_begin: () => Op = primitive((machine) =>
  begin(machine, 'rcu_nesting', 'rcu_owes'),
);

/** Blocks until all readers noted by `rcu_grace_period_begin` have left their section. */
export const rcu_grace_period_wait: () => Op = blocking((machine) =>
  over(machine, machine.memory.of(grace_period).rcu_owes),
);

export const srcu_read_lock: () => Op = primitive((machine) => enter(machine, 'srcu_nesting'));

export const srcu_read_unlock: () => Op = primitive((machine) => leave(machine, 'srcu_nesting', 'srcu_owes'));

/** Starts an SRCU grace period; `srcu_grace_period_wait` ends it. */
export const srcu_grace_period_begin: () => Op = primitive((machine) =>
  begin(machine, 'srcu_nesting', 'srcu_owes'),
);

/** Blocks until all readers noted by `srcu_grace_period_begin` have left their section. */
export const srcu_grace_period_wait: () => Op = blocking((machine) =>
  over(machine, machine.memory.of(grace_period).srcu_owes),
);

/** Disables interrupts on this CPU: no IPI gets through, and RCU waits for it. */
export const local_irq_save: () => Op = primitive((machine) => {
  enter(machine, 'rcu_nesting');
  const irqs = machine.memory.of(cpu).irqs_disabled;
  irqs.set(machine.cpu, irqs.get(machine.cpu) + 1);
});

/** Enables interrupts on this CPU again. */
export const local_irq_restore: () => Op = primitive((machine) => {
  const irqs = machine.memory.of(cpu).irqs_disabled;
  irqs.set(machine.cpu, irqs.get(machine.cpu) - 1);
  leave(machine, 'rcu_nesting', 'rcu_owes');
});
