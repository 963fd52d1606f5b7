// Resources that hold what nobody can create again.

/** By type: what is lost with the resource. */
const losses: Record<string, string> = {
  "AWS::DynamoDB::GlobalTable": "its rows",
  "AWS::DynamoDB::Table": "its rows",
  "AWS::SecretsManager::Secret": "its key, so what was signed with it is refused",
  "AWS::S3::Bucket": "its files",
  "AWS::Logs::LogGroup": "its logs",
  "AWS::CloudFront::Distribution": "its address, so links to rooms no longer work",
};

/** Returns what is lost with a resource of this type. Undefined if a deployment can create it again. */
export const lossOf = (type: string): string | undefined => losses[type];
