// In words, how a stage is wired: what the drawing of the network shows in lines.
import { list, t } from '../i18n/index.js';
import { shape } from '../describe-error.js';
import { branchesOf, wiringOf } from '../network-wiring.js';

/**
 * @param {import('../network-outline.js').Stage[]} stages
 * @param {number} index
 * @returns {string} empty where one stage simply follows the other
 */
export function describeWiring(stages, index) {
  const wiring = wiringOf(stages, index);
  const sentences = [wiring === 'line' ? '' : t(`wiring.${wiring}`), withinStage(stages[index])];
  return sentences.filter(Boolean).join(' ');
}

function withinStage(stage) {
  const found = branchesOf(stage);
  if (!found) return '';
  const { before, branches, join } = found;
  const taken = branches.filter(({ length }) => length > 0);
  if (join === 'add') {
    if (branches.length !== 2) return '';
    const shortcut = branches.find(({ length }) => length < Math.max(...branches.map(({ length }) => length)));
    return shortcut ? t('wiring.block', { convolutions: shortcut.length }) : '';
  }
  const kernels = list(taken.map((branch) => shape(branch.last.at(-1).kernel)));
  return before.length > 0
    ? t('wiring.fire', { channels: before.at(-1).shape.at(-1), count: taken.length, kernels })
    : t('wiring.branches', { count: branches.length });
}
