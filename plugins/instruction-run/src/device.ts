import { csvFields, InstructionError, suggest, type DeviceRequest } from '@strake/api';
import { booleanOf } from './mount/values';

/** Reads one `--device`: a name, `name=…`, `required[=…]`. Throws an `InstructionError`. */
export function parseDevice(text: string): DeviceRequest {
  const fields = csvFields(text);
  if (fields === undefined) throw wrong(text, 'failed to parse csv devices: a quote stands where none can be');
  const device = { name: '', required: false };
  for (const field of fields) readField(field, text, device);
  if (device.name === '') throw wrong(text, 'a device needs a name', 'write --device=vendor.example/class=name');
  return device;
}

function readField(field: string, text: string, device: { name: string; required: boolean }): void {
  const [written = '', value] = field.split(/=(.*)/s);
  const key = written.toLowerCase();
  if (key === 'required') {
    const required = booleanOf(value ?? 'true');
    if (required === undefined) throw wrong(text, `invalid value for ${key}: ${value ?? ''}`);
    device.required = required;
  } else if (key === 'name' && value !== undefined) {
    if (device.name !== '') throw wrong(text, `device name already set to ${device.name}`);
    device.name = value;
  } else if (device.name === '') device.name = field;
  else if (value === undefined) throw wrong(text, `invalid field '${field}' must be a key=value pair`);
  else {
    const near = suggest(key, ['name', 'required']);
    throw wrong(text, `unexpected key '${key}' in '${field}'`, near === undefined ? undefined : `did you mean ${near}?`);
  }
}

function wrong(text: string, message: string, hint?: string): InstructionError {
  return new InstructionError(message, { at: `--device=${text}`, ...(hint === undefined ? {} : { hint }) });
}
