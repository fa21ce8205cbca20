"""Which market somebody means: a world's recipe, made a student's own, with its size and seed."""

from __future__ import annotations

from narrowcast.errors import RecipeError
from narrowcast.language import gettext as _
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.draws import seed_from
from narrowcast.worlds.places import world_folder
from narrowcast.worlds.recipe import Recipe, load_recipe
from narrowcast.worlds.student import personal_recipe

__all__ = ["market_of", "recipe_of"]


def recipe_of(name: str) -> Recipe:
    """Return the recipe of a world.

    Raises
    ------
    UnknownName
        If there is no such world.
    RecipeError
        If its recipe is faulty, or bears another name than its folder.
    """
    file = world_folder(name) / "recipe.toml"
    recipe = load_recipe(file)
    if recipe.name != name:  # a folder copied for a new world, and its name forgotten
        problem = _("it is {given!r}, but the folder is {folder!r}.").format(given=recipe.name, folder=name)
        raise RecipeError(file, "name", problem, _("Give both the same name."))
    return recipe


def market_of(
    recipe: Recipe, customers: int | None = None, seed: int = 0, student: str | None = None, salt: str = ""
) -> Blueprint:
    """Return a market before it is drawn.

    Parameters
    ----------
    recipe
        The world's recipe.
    customers
        How many live in it; None takes the recipe's number.
    seed
        Another seed draws other people from the same recipe.
    student, salt
        Whose market it is, and the class's word; None is everybody's, whatever the word.
    """
    word = None if student is None else salt
    drawn = seed_from("world", recipe.name, student, word, seed)
    own = recipe if student is None else personal_recipe(recipe, student, salt)
    return Blueprint(own, round(own.market.customers.value) if customers is None else customers, drawn)
