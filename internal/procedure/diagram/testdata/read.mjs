// Reads BPMN files as bpmn-js does and fails when there is anything to warn of.
import { readFileSync } from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';

for (const file of process.argv.slice(2)) {
  const { rootElement, warnings } = await new BpmnModdle().fromXML(readFileSync(file, 'utf8'));
  for (const w of warnings) console.error(`${file}: ${w.message}`);
  const drawn = rootElement.diagrams?.[0]?.plane?.planeElement?.length ?? 0;
  if (drawn === 0) console.error(`${file}: nothing is drawn`);
  if (warnings.length > 0 || drawn === 0) process.exitCode = 1;
}
