// Resources that hold what nobody can create again.

/** By type: what is lost with the resource. Links to rooms contain the address; tokens are signed with the key. */
const losses: Record<string, string> = {
  "AWS::DynamoDB::GlobalTable": "its rows",
  "AWS::DynamoDB::Table": "its rows",
  "AWS::SecretsManager::Secret": "its key",
  "AWS::S3::Bucket": "its files",
  "AWS::Logs::LogGroup": "its logs",
  "AWS::CloudFront::Distribution": "its address",
  "AWS::Cognito::UserPool": "its accounts",
};

/** Returns what is lost with a resource of this type. Undefined if a deployment can create it again. */
export const lossOf = (type: string): string | undefined => losses[type];
