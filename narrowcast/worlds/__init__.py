"""WHO is in the market: recipes, people, populations, worlds."""

from narrowcast.worlds.draws import Purpose, binomial, poisson, seed_from, uniforms
from narrowcast.worlds.figures import Figure
from narrowcast.worlds.people.vietnamese import VietnamesePeople
from narrowcast.worlds.places import world_folder, world_names
from narrowcast.worlds.population import Population, Region, draw_population
from narrowcast.worlds.recipe import Recipe, load_recipe
from narrowcast.worlds.world import World, open_world

__all__ = [
    "Figure",
    "Population",
    "Purpose",
    "Recipe",
    "Region",
    "VietnamesePeople",
    "World",
    "binomial",
    "draw_population",
    "load_recipe",
    "open_world",
    "poisson",
    "seed_from",
    "uniforms",
    "world_folder",
    "world_names",
]
