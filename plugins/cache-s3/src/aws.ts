// All that is used of AWS's libraries. They are large, and loaded when a bucket is asked.
import { state } from '@aws-sdk/core/client';

// Which Node they will need next year is ours to see to, not for whoever builds to read.
state.warningEmitted = true;

export {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client, UploadPartCommand, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
export { defaultProvider } from '@aws-sdk/credential-provider-node';
