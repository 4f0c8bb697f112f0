"""Models of an add-on that is there but not installed, for as long as a test needs them."""

from .series import flush


class BorrowedModels:
    """Loads single models of another add-on into the registry, and takes them out again.

    ``FakeModelLoader`` of odoo-test-helper does this for models that a test defines. With
    those of another add-on, 14.0 has a registry without fields after its
    ``restore_registry``, which breaks every later test.

    :param classes: Python classes of models; what they inherit has to be there already
    """

    def __init__(self, env, module_name, classes):
        self.env = env
        flush(env)
        self.names = [
            model_class._build_model(env.registry, env.cr)._name
            for model_class in classes
        ]
        env.registry.setup_models(env.cr)
        env.registry.init_models(env.cr, self.names, {"module": module_name})

    def give_back(self):
        """Leave the registry as it was; the tables go with the transaction."""
        registry = self.env.registry
        flush(self.env)
        for name in self.names:
            del registry.models[name]
        for model in registry.models.values():
            for name in self.names:
                model._inherit_children.discard(name)
        registry.setup_models(self.env.cr)
