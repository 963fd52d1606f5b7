//! The tables, with the keys and indexes of `cdk/tables.ts`.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};

/// Creates all tables.
pub async fn create(db: &aws_sdk_dynamodb::Client) {
    let lobby = ("lobby", "lobbyShard", "lobbyRank", ["name", "topic", "createdAt", "expiresAt"].as_slice());
    let expiring = ("expiring", "sweepQueue", "sweepAt", [].as_slice());
    create_table(db, "rooms", ("roomId", None), &[lobby, expiring]).await;
    create_table(db, "connections", ("channel", Some("connectionId")), &[]).await;
    create_table(db, "messages", ("roomId", Some("sk")), &[]).await;
    create_table(db, "members", ("scope", Some("key")), &[]).await;
    create_table(db, "people", ("key", None), &[]).await;
    create_table(db, "limits", ("limitId", None), &[]).await;
}

/// Creates a table. An index projects the given attributes in addition to the keys.
async fn create_table(
    db: &aws_sdk_dynamodb::Client,
    name: &str,
    (partition, sort): (&str, Option<&str>),
    indexes: &[(&str, &str, &str, &[&str])],
) {
    let mut table = db
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(key_schema(partition, sort)));
    let index_keys = indexes.iter().flat_map(|(_, partition, sort, _)| [*partition, *sort]);
    for attribute in [Some(partition), sort].into_iter().flatten().chain(index_keys) {
        let kind = if attribute == "sweepAt" { ScalarAttributeType::N } else { ScalarAttributeType::S };
        let definition = AttributeDefinition::builder().attribute_name(attribute).attribute_type(kind);
        table = table.attribute_definitions(definition.build().unwrap());
    }
    for (index, partition, sort, attributes) in indexes {
        let projection = match *attributes {
            [] => Projection::builder().projection_type(ProjectionType::KeysOnly),
            attributes => Projection::builder()
                .projection_type(ProjectionType::Include)
                .set_non_key_attributes(Some(attributes.iter().copied().map(String::from).collect())),
        };
        let index = GlobalSecondaryIndex::builder()
            .index_name(*index)
            .set_key_schema(Some(key_schema(partition, Some(sort))))
            .projection(projection.build());
        table = table.global_secondary_indexes(index.build().unwrap());
    }
    table.send().await.unwrap();
}

fn key_schema(partition: &str, sort: Option<&str>) -> Vec<KeySchemaElement> {
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let mut keys = vec![key(partition, KeyType::Hash)];
    keys.extend(sort.map(|sort| key(sort, KeyType::Range)));
    keys
}
