"""Makes a Query read only the rows that it returns.

For each Query MiniStack sorts the whole partition and evaluates the key condition on every row of it: 15 to 30 µs a row,
on the event loop that everything else waits for. Here, the rows of each partition that is queried are kept in order.
The original gets a table with nothing but the rows of the page that is asked for, and still checks and answers everything.
"""

import threading
from bisect import bisect_left, bisect_right, insort
from contextvars import ContextVar

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb

#: The table that the query in progress is to see in place of the real one.
narrowed = ContextVar("narrowed", default=None)

#: The reaper of expired rows writes from another thread.
one_at_a_time = threading.RLock()


class Tables(AccountRegionScopedDict):
    __slots__ = ()

    def get(self, name, default=None):
        return narrowed.get() or super().get(name, default)


class Order:
    """The rows of one partition of a table or an index, by the position that their sort key gives them."""

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

    def within(self, operator, values):
        """The first row whose sort key meets the condition, and the first after these that does not."""

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


class Members(dict):
    """MiniStack's record of which rows are in which partition of each index, with the orders beside it. MiniStack makes it
    anew when the rows or the indexes of a table are replaced, and does not store it with the table."""

    def __init__(self, members):
        super().__init__(members)
        self.orders = {}

    def order(self, table, index_name, partition, attributes):
        """None where the partition is empty."""
        known = self.orders.get((index_name, partition))
        if known is None:
            items = table["items"]
            if index_name:
                rows = [((pk, sk), items[pk][sk]) for pk, sk in self[index_name].get(partition, ())]
            else:
                rows = [((partition, sk), item) for sk, item in items.get(partition, {}).items()]
            if not rows:
                return None
            known = self.orders[index_name, partition] = Order(attributes, rows)
        return known

    def follow(self, table, pk, sk, item, add):
        """A row has come or gone."""
        partitions = [(None, pk)]
        for index_name, hashes, ranges in dynamodb._index_key_schemas(table):
            partitions.append((index_name, dynamodb._index_partition(item, hashes, ranges)))
        for partition in partitions:
            order = self.orders.get(partition)
            if order is None:
                continue
            if add:
                order.add((pk, sk), item)
            else:
                order.remove((pk, sk), item)
            if not order.rows:
                del self.orders[partition]


def read_clause(clause, names, values):
    """The attribute, operator and values of one clause of a key condition, or None where it is written in another way."""

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


def read_condition(request):
    """By attribute what a key condition says about it, or None where it is written in another way."""
    names, values = request.get("ExpressionAttributeNames") or {}, request.get("ExpressionAttributeValues") or {}
    expression = request["KeyConditionExpression"]
    tokens = dynamodb._tokenize(expression)
    if dynamodb._check_reserved_keyword_usage(tokens) or dynamodb._condition_syntax_error(expression, "KeyConditionExpression"):
        return None
    conditions = [read_clause(clause, names, values) for clause in dynamodb._key_condition_clauses(tokens)]
    return None if None in conditions else {name: condition for name, *condition in conditions}


def narrow(request):
    """The table with the rows of the page that a query asks for, or None where the original has to look for them."""
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

    condition = read_condition(request)
    if condition is None or condition.keys() - {*hashes, *ranges}:
        return None
    equals, [partition] = condition[hashes[0]]
    if equals != "EQ":
        return None
    partition = dynamodb._extract_key_val(partition)
    order = dynamodb._index_members(table).order(table, index_name, partition, attributes)
    rows = {} if order is None else page(order, request, table, condition.get(ranges[0]))
    items = {}
    for (pk, sk), item in rows.items():
        items.setdefault(pk, {})[sk] = item
    return {**table, "items": items, dynamodb._INDEX_MEMBERS: {index_name: {partition: dict.fromkeys(rows)}}}


def page(order, request, table, condition):
    """The rows of the page by their keys; one more where the page ends because of its size, for the original to see that."""
    start, end = 0, len(order.rows)
    if condition:
        operator, values = condition
        kind = order.attributes[0][1]
        start, end = order.within(operator, [dynamodb._sort_key_value(value, kind) for value in values])
    forward, cursor = request.get("ScanIndexForward", True), request.get("ExclusiveStartKey")
    if cursor and forward:
        start = max(start, bisect_right(order.rows, order.position(cursor), key=lambda row: row[0]))
    elif cursor:
        end = min(end, bisect_left(order.rows, order.position(cursor), key=lambda row: row[0]))

    rows, size, limit = {}, 0, request.get("Limit")
    for at in range(start, end) if forward else reversed(range(start, end)):
        _, (pk, sk) = order.rows[at]
        item = rows[pk, sk] = table["items"][pk][sk]
        size += dynamodb._item_size_bytes(dynamodb._apply_index_projection(item, table, request.get("IndexName")))
        if len(rows) == limit or size > dynamodb._DDB_PAGE_SIZE_BYTES:
            break
    return rows


def install():
    query, index_item, index_members = dynamodb._query, dynamodb._index_item, dynamodb._index_members

    def query_by_key(request):
        try:
            with one_at_a_time:
                table = narrow(request)
        except Exception:
            # A request that is wrong, as far as is known here: the original says in which way.
            table = None
        token = narrowed.set(table)
        try:
            return query(request)
        finally:
            narrowed.reset(token)

    def index_and_order_item(table, pk, sk, item, add):
        with one_at_a_time:
            index_item(table, pk, sk, item, add)
            members = table.get(dynamodb._INDEX_MEMBERS)
            if isinstance(members, Members):
                members.follow(table, pk, sk, item, add)

    def members_with_orders(table):
        members = index_members(table)
        if narrowed.get() is None and not isinstance(members, Members):
            members = table[dynamodb._INDEX_MEMBERS] = Members(members)
        return members

    dynamodb._tables.__class__ = Tables
    dynamodb._query = query_by_key
    dynamodb._index_item = index_and_order_item
    dynamodb._index_members = members_with_orders
