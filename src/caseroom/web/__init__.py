"""The pages: server-rendered, usable without JavaScript, improved with it.

In: use cases of `caseroom.service`. Out: a Starlette app (`app.create_app`) and a server
(`serve.serve`) that listens on this machine only.
"""
