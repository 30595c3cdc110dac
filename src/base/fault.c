#include "base/fault.h"

#include "base/context.h"

enum err fault(struct context *cx, enum err code, ...)
{
    struct fault *fault = &cx->fault;
    *fault = (struct fault){.code = code};
    va_list args;
    va_start(args, code);
    for (const char *key = va_arg(args, const char *); key; key = va_arg(args, const char *)) {
        const char *value = arena_copy(cx->arena, va_arg(args, const char *));
        assert(fault->arg_count < FAULT_ARGS_MAX);
        fault->args[fault->arg_count++] = (struct fault_arg){.key = key, .value = value};
        if (strcmp(key, "param") == 0)
            fault->param = value;
    }
    va_end(args);
    return code;
}

enum err fault_blame(struct context *cx, enum err err, const char *param)
{
    if (err != OK && cx->fault.code == err && cx->fault.param == NULL)
        cx->fault.param = param;
    return err;
}

void fault_clear(struct context *cx)
{
    cx->fault = (struct fault){.code = OK};
}

const char *fault_arg(const struct fault *fault, const char *key)
{
    for (size_t i = 0; i < fault->arg_count; i++)
        if (strcmp(fault->args[i].key, key) == 0)
            return fault->args[i].value;
    return NULL;
}
