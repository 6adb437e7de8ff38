import { StrakeError } from '@strake/api';
import type { ImageDetails, Images } from 'strake';
import { familiarName } from './familiar-name';
import { secondsOf } from './image-summary';

/** The answer of `GET /images/NAME/history`, newest first: each entry that is not empty made the next layer, and where each instruction has an image it is named. */
export async function imageHistory(images: Images, image: ImageDetails): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { config: { history }, layers } = image;
  let layer = 0;
  const rows = history.map((entry) => ({
    Comment: entry.comment ?? '',
    Created: secondsOf(entry.created),
    CreatedBy: entry.created_by ?? '',
    Size: entry.empty_layer === true ? 0 : (layers[layer++]?.size ?? 0),
  })).reverse();
  const line = await lineOf(images, image, rows.length);
  return rows.map((row, at) => ({ ...row, ...identityOf(line[at]) }));
}

function identityOf(image: ImageDetails | undefined): { readonly Id: string; readonly Tags: readonly string[] | null } {
  return { Id: image?.id ?? '<missing>', Tags: image === undefined || image.names.length === 0 ? null : image.names.map(familiarName) };
}

/** An image and those that it was made on, as far as they are known, `most` at most. */
async function lineOf(images: Images, image: ImageDetails, most: number): Promise<readonly ImageDetails[]> {
  const line = [image];
  for (let { parent } = image; parent !== undefined && line.length < most; parent = line.at(-1)?.parent) {
    try {
      line.push(await images.get(parent));
    } catch (error) {
      if (error instanceof StrakeError && error.code === 'IMAGE_MISSING') break;
      throw error;
    }
  }
  return line;
}
