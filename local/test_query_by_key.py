"""Queries by key return what MiniStack's own queries return, and read no more rows than that."""

import json
import random
import unittest

import query_by_key
from ministack.services import dynamodb

TABLE = "Rows"
ROOM, KEY, SHARD, RANK, EXPIRY = "roomId", "sk", "lobbyShard", "lobbyRank", "expiresAt"
INDEXES = {"byRank": (RANK, "ALL"), "byExpiry": (EXPIRY, "KEYS_ONLY")}
ROOMS, SHARDS = ["r1", "r2", "r3"], ["0", "1"]
KEYS = ["", "a", "aa", "ab", "b", "é", "語", "\ud7ff", "\uffff", "\U0001f600", "zz"]
OPERATORS = ["=", "<", "<=", ">", ">="]

original_query = dynamodb._query
query_by_key.install()


def create(name=TABLE, sort_type="S"):
    definitions = {ROOM: "S", KEY: sort_type, SHARD: "S", RANK: "S", EXPIRY: "N"}
    status, _, body = dynamodb._create_table(
        {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": k, "AttributeType": v} for k, v in definitions.items()],
            "KeySchema": [{"AttributeName": ROOM, "KeyType": "HASH"}, {"AttributeName": KEY, "KeyType": "RANGE"}],
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": index,
                    "KeySchema": [
                        {"AttributeName": SHARD, "KeyType": "HASH"},
                        {"AttributeName": attribute, "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": projection},
                }
                for index, (attribute, projection) in INDEXES.items()
            ],
        }
    )
    assert status == 200, body


def write(operation, request):
    status, _, body = operation(request)
    assert status == 200, body


class Generator:
    """Generates random rows and queries; the same seed gives the same sequence."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def sort_key(self):
        choose = self.random.choice
        return "#" + "".join(choose(KEYS) for _ in range(self.random.randint(0, 2)))

    def number(self):
        return self.random.choice(["-1", "0", "1", "1.0", "1.5", "10", "9", "1e2"])

    def item(self, size):
        item = {ROOM: {"S": self.random.choice(ROOMS)}, KEY: {"S": self.sort_key()}, "text": {"S": "x" * size}}
        if self.random.random() < 0.8:
            item |= {SHARD: {"S": self.random.choice(SHARDS)}, RANK: {"S": self.sort_key()}}
        if self.random.random() < 0.8:
            item |= {EXPIRY: {"N": self.number()}}
        return item

    def write(self):
        """Puts, replaces, updates or deletes a row."""
        item = self.item(self.random.choice([0, 10, 50_000]))
        key = {name: item[name] for name in (ROOM, KEY)}
        kind = self.random.random()
        if kind < 0.7:
            write(dynamodb._put_item, {"TableName": TABLE, "Item": item})
        elif kind < 0.9:
            write(dynamodb._delete_item, {"TableName": TABLE, "Key": key})
        else:
            values = {":s": {"S": self.random.choice(SHARDS)}, ":r": {"S": self.sort_key()}}
            names = {"#s": SHARD, "#r": RANK}
            update = {"UpdateExpression": "SET #s = :s, #r = :r", "ExpressionAttributeValues": values}
            write(
                dynamodb._update_item,
                {"TableName": TABLE, "Key": key, "ExpressionAttributeNames": names, **update},
            )

    def query(self):
        choose, chance = self.random.choice, self.random.random
        index = choose([None, None, *INDEXES])
        partition, sort = (SHARD, INDEXES[index][0]) if index else (ROOM, KEY)
        values = {":p": {"S": choose([*(SHARDS if index else ROOMS), "none"])}}
        names, written = {}, sort
        if chance() < 0.3:
            names["#sort"] = sort
            written = "#sort"

        def value():
            return {"N": self.number()} if sort == EXPIRY else {"S": self.sort_key()}

        condition = f"{partition} = :p"
        kind = chance()
        if kind < 0.3:
            values[":a"] = value()
            condition += f" AND {written} {choose(OPERATORS)} :a"
        elif kind < 0.5:
            values |= {":a": value(), ":b": value()}
            condition += f" AND {written} {choose(['BETWEEN', 'between'])} :a AND :b"
        elif kind < 0.7:
            values[":a"] = value()
            condition += f" AND begins_with({written}, :a)"
        elif kind < 0.75:
            values[":a"] = value()
            condition = choose([f"({written} = :a) AND {condition}", f"{written} = :missing", f"text = :a AND {condition}"])
        request = {"TableName": TABLE, "KeyConditionExpression": condition, "ExpressionAttributeValues": values}
        if names:
            request["ExpressionAttributeNames"] = names
        if index:
            request["IndexName"] = index
        if chance() < 0.5:
            request["Limit"] = self.random.randint(1, 5)
        if chance() < 0.5:
            request["ScanIndexForward"] = chance() < 0.5
        if chance() < 0.2:
            request["ExclusiveStartKey"] = self.item(0) if chance() < 0.5 else {ROOM: {"S": "r1"}}
        if chance() < 0.2:
            request |= {"FilterExpression": "attribute_exists(#f)"}
            request["ExpressionAttributeNames"] = {**names, "#f": SHARD}
        if chance() < 0.2:
            request["Select"] = "COUNT"
        return request


def answer(query, request):
    status, _, body = query(request)
    return status, json.loads(body)


class Queries(unittest.TestCase):
    def setUp(self):
        dynamodb.reset()
        create()

    def test_return_what_the_original_returns_after_any_writes(self):
        compared = 0
        for seed in range(10):
            self.setUp()
            generator = Generator(seed)
            for _ in range(150):
                for _ in range(generator.random.randint(0, 2)):
                    generator.write()
                request = generator.query()
                for _ in range(3):
                    expected = answer(original_query, request)
                    self.assertEqual(answer(dynamodb._query, request), expected, request)
                    compared += expected[0] == 200
                    last = expected[1].get("LastEvaluatedKey")
                    if not last:
                        break
                    request = {**request, "ExclusiveStartKey": last}
        self.assertGreater(compared, 1_000)

    def test_read_no_more_rows_than_they_return(self):
        for n in range(2_000):
            item = {ROOM: {"S": "r1"}, KEY: {"S": f"#{n:06}"}, SHARD: {"S": "0"}, RANK: {"S": f"#{n:06}"}}
            write(dynamodb._put_item, {"TableName": TABLE, "Item": {**item, EXPIRY: {"N": str(n)}}})
        evaluate, evaluated = dynamodb._evaluate_condition, []

        def counted(*args, **options):
            evaluated.append(args)
            return evaluate(*args, **options)

        dynamodb._evaluate_condition = counted
        self.addCleanup(setattr, dynamodb, "_evaluate_condition", evaluate)
        for index, partition, sort, value in [
            (None, (ROOM, "r1"), KEY, {"S": "#001000"}),
            ("byRank", (SHARD, "0"), RANK, {"S": "#001000"}),
            ("byExpiry", (SHARD, "0"), EXPIRY, {"N": "1000"}),
        ]:
            for condition in ["", f" AND {sort} >= :a", f" AND {sort} < :a", f" AND {sort} BETWEEN :a AND :a"]:
                values = {":p": {"S": partition[1]}, **({":a": value} if condition else {})}
                request = {
                    "TableName": TABLE,
                    "KeyConditionExpression": f"{partition[0]} = :p{condition}",
                    "ExpressionAttributeValues": values,
                    "Limit": 20,
                    **({"IndexName": index} if index else {}),
                }
                evaluated.clear()
                _, found = answer(dynamodb._query, request)
                self.assertEqual(found["Count"], 1 if "BETWEEN" in condition else 20)
                self.assertEqual(len(evaluated), found["Count"], request)

    def test_omit_rows_that_time_to_live_has_deleted(self):
        item = {ROOM: {"S": "r1"}, KEY: {"S": "#a"}}
        write(dynamodb._put_item, {"TableName": TABLE, "Item": item})
        request = {
            "TableName": TABLE,
            "KeyConditionExpression": f"{ROOM} = :p",
            "ExpressionAttributeValues": {":p": {"S": "r1"}},
        }
        self.assertEqual(answer(dynamodb._query, request)[1]["Count"], 1)
        dynamodb._remove_item(dynamodb._tables.get(TABLE), "r1", "#a")
        self.assertEqual(answer(dynamodb._query, request)[1]["Count"], 0)


if __name__ == "__main__":
    unittest.main()
