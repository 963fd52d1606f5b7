"""Makes a Query read only the rows that it returns.

For each Query, MiniStack sorts the whole partition and evaluates the key condition on every row: 15 to 30 µs per row, on
the event loop that everything else waits for. This module keeps the rows of each queried partition sorted, and passes
MiniStack's own query a table with only the rows of the requested page. Validation and the response stay MiniStack's.
"""

import threading
from bisect import bisect_left, bisect_right, insort
from contextvars import ContextVar

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb

#: The table that the current query sees instead of the real one.
narrowed = ContextVar("narrowed", default=None)

#: Time to live deletes rows from another thread.
lock = threading.RLock()


class Tables(AccountRegionScopedDict):
    __slots__ = ()

    def get(self, name, default=None):
        return narrowed.get() or super().get(name, default)


class SortedPartition:
    """The rows of one partition of a table or an index, sorted by sort key."""

    def __init__(self, attributes, rows):
        self.attributes = attributes
        self.rows = sorted((self.position(item), keys) for keys, item in rows)

    def position(self, item):
        return tuple(dynamodb._index_order_value(item, name, kind) for name, kind in self.attributes)

    def add(self, keys, item):
        insort(self.rows, (self.position(item), keys))

    def remove(self, keys, item):
        row = (self.position(item), keys)
        at = bisect_left(self.rows, row)
        if self.rows[at : at + 1] == [row]:
            del self.rows[at]

    def range(self, operator, values):
        """Returns the range of rows whose sort key meets the condition: its start, and its exclusive end."""

        def sort_key(row):
            return row[0][0]

        start, end = 0, len(self.rows)
        if operator in ("EQ", "GE", "BETWEEN", "BEGINS_WITH"):
            start = bisect_left(self.rows, values[0], key=sort_key)
        if operator == "GT":
            start = bisect_right(self.rows, values[0], key=sort_key)
        if operator == "LT":
            end = bisect_left(self.rows, values[0], key=sort_key)
        if operator in ("EQ", "LE", "BETWEEN"):
            end = bisect_right(self.rows, values[-1], key=sort_key)
        if operator == "BEGINS_WITH":
            [prefix] = values
            end = bisect_right(self.rows, prefix, key=lambda row: sort_key(row)[: len(prefix)])
        return start, end


class IndexMembers(dict):
    """MiniStack's record of which rows are in which partition of each index, plus the sorted partitions. MiniStack creates
    it again when the rows or indexes of a table are replaced, and does not save it with the table."""

    def __init__(self, members):
        super().__init__(members)
        self.sorted = {}

    def partition(self, table, index_name, key, attributes):
        """Returns the sorted partition, or None if it is empty."""
        known = self.sorted.get((index_name, key))
        if known is None:
            items = table["items"]
            if index_name:
                rows = [((pk, sk), items[pk][sk]) for pk, sk in self[index_name].get(key, ())]
            else:
                rows = [((key, sk), item) for sk, item in items.get(key, {}).items()]
            if not rows:
                return None
            known = self.sorted[index_name, key] = SortedPartition(attributes, rows)
        return known

    def update(self, table, pk, sk, item, add):
        """Adds a row or removes it."""
        partitions = [(None, pk)]
        for index_name, hashes, ranges in dynamodb._index_key_schemas(table):
            partitions.append((index_name, dynamodb._index_partition(item, hashes, ranges)))
        for partition in partitions:
            rows = self.sorted.get(partition)
            if rows is None:
                continue
            if add:
                rows.add((pk, sk), item)
            else:
                rows.remove((pk, sk), item)
            if not rows.rows:
                del self.sorted[partition]


def parse_clause(clause, names, values):
    """Returns attribute, operator and values of one clause of a key condition, or None for any other syntax."""

    def name_of(token):
        return names.get(token[1], token[1])

    match clause:
        case [name, (("EQ" | "LT" | "LE" | "GT" | "GE") as operator, _), ("VALUE_REF", value)]:
            return name_of(name), operator, [values[value]]
        case [name, ("IDENT", between), ("VALUE_REF", low), ("IDENT", _), ("VALUE_REF", high)]:
            return name_of(name), between.upper(), [values[low], values[high]]
        case [("IDENT", function), ("LPAREN", _), name, ("COMMA", _), ("VALUE_REF", value), ("RPAREN", _)]:
            return name_of(name), function.upper(), [values[value]]
    return None


def parse_condition(request):
    """Returns a dict from attribute to condition, or None for any other syntax."""
    names, values = request.get("ExpressionAttributeNames") or {}, request.get("ExpressionAttributeValues") or {}
    expression = request["KeyConditionExpression"]
    tokens = dynamodb._tokenize(expression)
    if dynamodb._check_reserved_keyword_usage(tokens) or dynamodb._condition_syntax_error(expression, "KeyConditionExpression"):
        return None
    conditions = [parse_clause(clause, names, values) for clause in dynamodb._key_condition_clauses(tokens)]
    return None if None in conditions else {name: condition for name, *condition in conditions}


def narrow(request):
    """Returns the table with only the rows of the requested page, or None if MiniStack has to find them itself."""
    table = dynamodb._tables.get(dynamodb._normalize_table_name(request["TableName"]))
    index_name = request.get("IndexName")
    index = dynamodb._index_def(table, index_name) if index_name else None
    hashes, ranges = dynamodb._index_key_lists(index) if index else ([table["pk_name"]], [table["sk_name"]])
    if len(hashes) != 1 or len(ranges) != 1 or not ranges[0]:
        return None
    if index:
        attributes = dynamodb._index_order_keys(table, ranges)
    else:
        attributes = [(ranges[0], dynamodb._get_attr_type(table, ranges[0]))]
    if any(kind == "B" for _, kind in attributes):
        return None

    condition = parse_condition(request)
    if condition is None or condition.keys() - {*hashes, *ranges}:
        return None
    equals, [partition] = condition[hashes[0]]
    if equals != "EQ":
        return None
    partition = dynamodb._extract_key_val(partition)
    sorted_rows = dynamodb._index_members(table).partition(table, index_name, partition, attributes)
    rows = {} if sorted_rows is None else page(sorted_rows, request, table, condition.get(ranges[0]))
    items = {}
    for (pk, sk), item in rows.items():
        items.setdefault(pk, {})[sk] = item
    return {**table, "items": items, dynamodb._INDEX_MEMBERS: {index_name: {partition: dict.fromkeys(rows)}}}


def page(sorted_rows, request, table, condition):
    """Returns the page's rows by key. If the page ends because of its size, includes one more row to let MiniStack notice."""
    start, end = 0, len(sorted_rows.rows)
    if condition:
        operator, values = condition
        kind = sorted_rows.attributes[0][1]
        start, end = sorted_rows.range(operator, [dynamodb._sort_key_value(value, kind) for value in values])
    forward, cursor = request.get("ScanIndexForward", True), request.get("ExclusiveStartKey")
    if cursor and forward:
        start = max(start, bisect_right(sorted_rows.rows, sorted_rows.position(cursor), key=lambda row: row[0]))
    elif cursor:
        end = min(end, bisect_left(sorted_rows.rows, sorted_rows.position(cursor), key=lambda row: row[0]))

    rows, size, limit = {}, 0, request.get("Limit")
    for at in range(start, end) if forward else reversed(range(start, end)):
        _, (pk, sk) = sorted_rows.rows[at]
        item = rows[pk, sk] = table["items"][pk][sk]
        size += dynamodb._item_size_bytes(dynamodb._apply_index_projection(item, table, request.get("IndexName")))
        if len(rows) == limit or size > dynamodb._DDB_PAGE_SIZE_BYTES:
            break
    return rows


def install():
    query, index_item, index_members = dynamodb._query, dynamodb._index_item, dynamodb._index_members

    def query_by_key(request):
        try:
            with lock:
                table = narrow(request)
        except Exception:
            # Probably an invalid request. MiniStack's own query returns the error.
            table = None
        token = narrowed.set(table)
        try:
            return query(request)
        finally:
            narrowed.reset(token)

    def index_and_sort_item(table, pk, sk, item, add):
        with lock:
            index_item(table, pk, sk, item, add)
            members = table.get(dynamodb._INDEX_MEMBERS)
            if isinstance(members, IndexMembers):
                members.update(table, pk, sk, item, add)

    def sorted_members(table):
        members = index_members(table)
        if narrowed.get() is None and not isinstance(members, IndexMembers):
            members = table[dynamodb._INDEX_MEMBERS] = IndexMembers(members)
        return members

    dynamodb._tables.__class__ = Tables
    dynamodb._query = query_by_key
    dynamodb._index_item = index_and_sort_item
    dynamodb._index_members = sorted_members
